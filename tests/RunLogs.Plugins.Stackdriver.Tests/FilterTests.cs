using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Stackdriver;
using RunLogs.Testing.Stackdriver.Protos;
using LogEntry = RunLogs.Testing.Stackdriver.Protos.LogEntry;

namespace RunLogs.Plugins.Stackdriver.Tests;

public sealed class FilterTests
{
    private static readonly EntryWindow Window = new(Some.Start, Some.Start.Add(TimeSpan.FromHours(1)));

    public static TheoryData<string> HostileNames =>
    [
        "\"", "\\", "\\\"", "a\" OR resource.type=\"gce_instance", "x\") OR (resource.type!=\"", "\" --", "a -- b", "*", "a.b:c/d", "NOT", "OR", "AND", "it's", "a=b", "(a)", "\\n", "\\x41", "ünïcode 🚀", " ", "log_id(\"x\")", "~", "%2e%2e",
    ];

    [Fact]
    public void A_query_has_every_label_both_streams_and_both_bounds()
    {
        Assert.Equal(
            "resource.type=\"k8s_container\" AND resource.labels.project_id=\"my-project-123456\" AND resource.labels.location=\"europe-west3\" AND resource.labels.cluster_name=\"my-gke-cluster\""
                + " AND resource.labels.namespace_name=\"flytesnacks-development\" AND resource.labels.pod_name=\"finished-a0-0\" AND resource.labels.container_name=\"main\""
                + " AND (log_id(\"stdout\") OR log_id(\"stderr\")) AND timestamp>=\"2026-11-22T17:53:44.488229613Z\" AND timestamp<\"2026-11-22T18:53:44.488229613Z\"",
            Query("my-gke-cluster", Some.Container));
    }

    [Theory]
    [MemberData(nameof(HostileNames))]
    public void A_hostile_name_stays_a_name(string name)
    {
        SomeContainer[] containers = [Some.Container, Some.Container with { Namespace = name }, Some.Container with { Pod = name }, Some.Container with { Name = name }];
        var entries = (from cluster in new[] { "my-gke-cluster", name } from container in containers select Entry(cluster, container)).ToArray();

        foreach (var cluster in new[] { "my-gke-cluster", name })
        {
            foreach (var container in containers)
            {
                var matches = FakeFilter.Parse(Query(cluster, container));

                var found = Assert.Single(entries, entry => matches(entry));
                Assert.Equal(Entry(cluster, container), found);
            }
        }
    }

    [Theory]
    [InlineData("resource.type=\"k8s_container\"", true)]
    [InlineData("resource.type=\"K8S_CONTAINER\"", true)]
    [InlineData("resource.type=k8s_container resource.labels.pod_name=\"other\"", false)]
    [InlineData("NOT resource.type=\"x\" AND log_id(\"stdout\")", true)]
    [InlineData("resource.type=\"x\" OR log_id(\"stdout\") AND resource.type=\"y\"", false)]
    [InlineData("log_id(\"stdout\") OR resource.type=\"x\" AND resource.type=\"y\"", false)]
    [InlineData("(log_id(\"stdout\")) OR (resource.type=\"x\" AND resource.type=\"y\")", true)]
    [InlineData("NOT log_id(\"stdout\") OR resource.type=\"k8s_container\"", true)]
    [InlineData("textPayload:\"ELL\"", true)]
    [InlineData("textPayload=~\"ELL\"", false)]
    [InlineData("textPayload=~\"e.{2}\" -- and a comment\nseverity=INFO", true)]
    [InlineData("textPayload!~\"ell\"", false)]
    [InlineData("jsonPayload.missing=\"x\"", false)]
    [InlineData("jsonPayload.missing!=\"x\"", false)]
    [InlineData("NOT jsonPayload.missing=\"x\"", true)]
    [InlineData("labels.\"k8s-pod/app\"=\"example\"", true)]
    [InlineData("timestamp>=\"2026-11-22T17:53:44.488229613Z\" AND timestamp<\"2026-11-22T17:53:44.488229614Z\"", true)]
    [InlineData("timestamp<\"2026-11-22T17:53:44.488229613Z\"", false)]
    public void The_fake_reads_the_services_language(string query, bool expected)
    {
        var entry = Entry("my-gke-cluster", Some.Container);
        entry.TextPayload = "hello";

        Assert.Equal(expected, FakeFilter.Parse(query)(entry));
    }

    [Theory]
    [InlineData("resource.type=")]
    [InlineData("resource.type=\"open")]
    [InlineData("resource.type=\"ends in a backslash\\")]
    [InlineData("(resource.type=\"x\"")]
    [InlineData("resource.type=\"x\")")]
    [InlineData("resource.type=\"a\nb\"")]
    [InlineData("resource.kind=\"x\"")]
    [InlineData("resource.type=a;b")]
    [InlineData("resource.type==\"x\"")]
    [InlineData("AND resource.type=\"x\"")]
    [InlineData("timestamp>=\"yesterday\"")]
    public void What_is_no_query_is_refused(string query) => Assert.Throws<FormatException>(() => FakeFilter.Parse(query));

    private static string Query(string cluster, SomeContainer container)
    {
        var section = Some.PluginContext("Stackdriver", TimeProvider.System, new Dictionary<string, string?> { ["ProjectId"] = "my-project-123456", ["ClusterName"] = cluster, ["Location"] = "europe-west3" }).Configuration;
        var request = new TailRequest { Cluster = "default", Namespace = container.Namespace, Pod = container.Pod, Container = container.Name };
        return new EntryFilter(StackdriverSettings.Read(section, "default"), request).For(Window);
    }

    private static LogEntry Entry(string cluster, SomeContainer container) => FakeEntry.Of(new GkeCluster(ClusterName: cluster), container, Some.Start, OutputStream.Stdout, "1");
}
