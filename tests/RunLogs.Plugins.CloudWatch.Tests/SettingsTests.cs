using Amazon;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

public sealed class SettingsTests : CloudWatchTests
{
    private const string Section = "RunLogs:Backends:CloudWatch";

    [Fact]
    public void It_is_an_archive_named_CloudWatch()
    {
        var plugin = new CloudWatchPlugin();

        Assert.Equal(("CloudWatch", LogSourceKind.Archive), (plugin.Name, plugin.Kind));
    }

    [Fact]
    public void Without_any_setting_it_is_disabled()
    {
        var disabled = Assert.Throws<BackendDisabledException>(() => Create(new()));

        Assert.Contains($"{Section}:ClusterName", disabled.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_told_at_once_with_its_full_key()
    {
        var faults = Assert.Throws<BackendConfigurationException>(() => Create(new()
        {
            ["Region"] = "Frankfurt!",
            ["Endpoint"] = "logs.example",
            ["UseFips"] = "perhaps",
            ["UseDualStack"] = "1",
            ["Preset"] = "Datadog",
            ["LogGroup"] = "/{tenant}",
            ["LogStreamPrefix"] = "{node-",
            ["MessageKeys"] = " , ",
        })).Faults;

        Assert.Equal(["Region", "Endpoint", "UseFips", "UseDualStack", "Preset", "LogGroup", "LogStreamPrefix", "MessageKeys"],
            faults.Select(fault => fault[(Section.Length + 1)..].Split(' ')[0]));
    }

    [Theory]
    [InlineData("Fargate", "LogGroup")]
    [InlineData("FluentBit", "LogGroup")]
    [InlineData("Plain", "LogGroup", "LogStreamPrefix")]
    public void Presets_without_a_name_of_their_own_need_one(string preset, params string[] keys)
    {
        var faults = Assert.Throws<BackendConfigurationException>(() => Create(new() { ["Preset"] = preset })).Faults;

        Assert.Equal(keys, faults.Select(fault => fault[(Section.Length + 1)..].Split(' ')[0]));
    }

    [Theory]
    [InlineData("eu-central-1", false, false, "https://logs.eu-central-1.amazonaws.com/")]
    [InlineData("eu-central-1", true, false, "https://logs-fips.eu-central-1.amazonaws.com/")]
    [InlineData("eu-central-1", false, true, "https://logs.eu-central-1.api.aws/")]
    [InlineData("us-east-1", true, true, "https://logs-fips.us-east-1.api.aws/")]
    [InlineData("cn-north-1", false, false, "https://logs.cn-north-1.amazonaws.com.cn/")]
    [InlineData("cn-north-1", false, true, "https://logs.cn-north-1.api.amazonwebservices.com.cn/")]
    [InlineData("us-gov-west-1", false, false, "https://logs.us-gov-west-1.amazonaws.com/")]
    [InlineData("us-gov-west-1", true, false, "https://logs.us-gov-west-1.amazonaws.com/")]
    [InlineData("us-gov-west-1", true, true, "https://logs-fips.us-gov-west-1.api.aws/")]
    [InlineData("eusc-de-east-1", false, false, "https://logs.eusc-de-east-1.amazonaws.eu/")]
    [InlineData("eusc-de-east-1", false, true, "https://logs.eusc-de-east-1.api.amazonwebservices.eu/")]
    [InlineData("us-iso-east-1", false, false, "https://logs.us-iso-east-1.c2s.ic.gov/")]
    [InlineData("us-iso-east-1", false, true, "https://logs.us-iso-east-1.api.aws.ic.gov/")]
    [InlineData("us-isob-east-1", false, false, "https://logs.us-isob-east-1.sc2s.sgov.gov/")]
    [InlineData("us-isob-east-1", false, true, "https://logs.us-isob-east-1.api.aws.scloud/")]
    [InlineData("eu-isoe-west-1", false, false, "https://logs.eu-isoe-west-1.cloud.adc-e.uk/")]
    [InlineData("eu-isoe-west-1", false, true, null)]
    [InlineData("us-isof-south-1", false, false, "https://logs.us-isof-south-1.csp.hci.ic.gov/")]
    [InlineData("us-isof-south-1", false, true, null)]
    [InlineData("xx-new-1", false, false, "https://logs.xx-new-1.amazonaws.com/")]
    public void Every_partition_has_its_addresses(string region, bool fips, bool dualStack, string? address) =>
        Assert.Equal(address, LogsEndpoint.Of(RegionEndpoint.GetBySystemName(region), fips, dualStack)?.ToString());

    [Theory]
    [InlineData("FluentBit", null, "fluentbit-kube.var.log.containers.finished-a0-0_flytesnacks-development_main-{id}.log")]
    [InlineData("FluentBit", "{cluster}/", "default/kube.var.log.containers.finished-a0-0_flytesnacks-development_main-{id}.log")]
    [InlineData("Fargate", "from-", "from-kube.var.log.containers.finished-a0-0_flytesnacks-development_main-{id}.log")]
    [InlineData("Plain", "{pod}_{namespace}_{container}-{containerId}", "finished-a0-0_flytesnacks-development_main-{id}")]
    [InlineData("Plain", "{namespace}/{pod}/{container}", "flytesnacks-development/finished-a0-0/main")]
    [InlineData("Plain", "{namespace}/{pod}/{container}", "flytesnacks-development/finished-a0-0/main.2026-11-22")]
    [InlineData("Plain", "{namespace}/{pod}/{container}/", "flytesnacks-development/finished-a0-0/main/0123")]
    [InlineData("ContainerInsights", "{node}/", "ip-10-0-1-23.eu-central-1.compute.internal/application.var.log.containers.finished-a0-0_flytesnacks-development_main-{id}.log")]
    public async Task Streams_are_found_by_the_names_an_agent_gives(string preset, string? prefix, string stream)
    {
        Configure(preset, prefix);
        Logs.Put(CloudWatchNode.LogGroup, stream.Replace("{id}", new string('a', 64), StringComparison.Ordinal), (Milliseconds(Some.Lines(1)[0]), "plain"));
        await Node.EndAsync(Container);

        await ReadAsync();

        Assert.Equal(["plain"], Output.Texts);
        Assert.DoesNotContain(Logs.Calls, call => call.Operation == "FilterLogEvents");
    }

    [Theory]
    [InlineData("{namespace}/{pod}/{container}", "flytesnacks-development/finished-a0-0/main-2")]
    [InlineData("{namespace}/{pod}", "flytesnacks-development/finished-a0-0-1")]
    [InlineData("{namespace}/{pod}", "flytesnacks-development/finished-a0-0.other")]
    [InlineData("{pod}_{namespace}_{container}-{containerId}", "finished-a0-0_flytesnacks-development_main-sidecar")]
    public async Task A_longer_name_is_anothers(string prefix, string stream)
    {
        Configure("Plain", prefix);
        Logs.Put(CloudWatchNode.LogGroup, stream, (Milliseconds(Some.Lines(1)[0]), "not mine"));
        await Node.EndAsync(Container);

        Assert.Equal(LogStreamError.NotFound, (await RefusedAsync()).Error);
    }

    [Fact]
    public async Task The_filter_for_an_unknown_node_is_bounded_in_time_and_quotes_every_name()
    {
        await FinishedAsync(Some.Lines(3));

        await ReadAsync(Node.Request(Container) with { Node = null, PodUid = Container.PodUid, ContainerStart = Some.Start });

        var filter = Assert.Single(Logs.Calls, call => call.Operation == "FilterLogEvents").Request;
        Assert.Equal("""{ ($.kubernetes.pod_name = "finished-a0-0") && ($.kubernetes.namespace_name = "flytesnacks-development") && ($.kubernetes.container_name = "main") && ($.kubernetes.pod_id = "6f2d7c9e-0a4b-4a5e-9d3e-1f0c5b7a8e21") }""", (string?)filter["filterPattern"]);
        Assert.Equal(Some.Start.ToDateTimeOffset().AddSeconds(-60).ToUnixTimeMilliseconds(), (long?)filter["startTime"]);
        Assert.NotNull(filter["endTime"]);
        Assert.Equal(3, Output.Lines.Count);
    }

    [Fact]
    public async Task A_group_of_another_account_is_read_by_its_arn()
    {
        await FinishedAsync(Some.Lines(3));
        Node.Settings["LogGroup"] = Node.Group.Arn + ":*";

        await ReadAsync();

        Assert.Equal(3, Output.Lines.Count);
        Assert.All(Logs.Calls, call => Assert.Equal(Node.Group.Arn, (string?)call.Request["logGroupIdentifier"]));
    }

    [Fact]
    public async Task A_container_known_by_its_id_keeps_its_number()
    {
        await Node.RunAsync(Container, Some.Lines(2));
        await Node.RestartAsync(Container, Some.Lines(2, first: 2));
        await Node.EndAsync(Container);
        var second = Node.StreamOf(Container, 1)[^68..^4];

        var end = await ReadAsync(Node.Request(Container) with { Instance = new ContainerInstance { RestartCount = 7, ContainerId = second } });

        Assert.Equal(["line 2", "line 3"], Output.Texts);
        Assert.All(Output.Lines, line => Assert.Equal((7, second), (line.Instance?.RestartCount, line.Instance?.ContainerId)));
        Assert.Equal(TailEnd.Complete, end);
    }

    [Fact]
    public async Task A_disposed_streamer_takes_no_more_tails_and_may_be_disposed_again()
    {
        await Streamer.DisposeAsync();
        await Streamer.DisposeAsync();

        Assert.Equal(LogStreamError.Unavailable, (await RefusedAsync()).Error);
    }

    private void Configure(string preset, string? prefix) =>
        (Node.Settings["Preset"], Node.Settings["LogGroup"], Node.Settings["LogStreamPrefix"]) = (preset, CloudWatchNode.LogGroup, prefix);

    private ILogStreamer Create(Dictionary<string, string?> settings) => new CloudWatchPlugin().Create(Some.PluginContext("CloudWatch", Node.Time, settings));
}
