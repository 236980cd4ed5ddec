using RunLogs.Abstractions;

namespace RunLogs.Testing;

public abstract partial class LogStreamerContractTests
{
    [Theory]
    [InlineData(FollowMode.Auto)]
    [InlineData(FollowMode.Never)]
    public async Task An_unknown_pod_is_not_found(FollowMode follow)
    {
        await FinishedAsync(Some.Lines(3));

        var refusal = await RefusedAsync(Node.Request(Container) with { Pod = "nope", PodUid = null, Follow = follow });

        Assert.Equal(LogStreamError.NotFound, refusal.Error);
        Assert.Contains("nope", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_namespace_is_not_found()
    {
        await FinishedAsync(Some.Lines(3));

        var refusal = await RefusedAsync(Node.Request(Container) with { Namespace = "elsewhere" });

        Assert.Equal(LogStreamError.NotFound, refusal.Error);
    }

    [Fact]
    public async Task An_unknown_container_is_refused_by_name()
    {
        await FinishedAsync(Some.Lines(3));

        var refusal = await RefusedAsync(Node.Request(Container) with { Container = "zzz" });

        AssertOneOf(refusal.Error, LogStreamError.NotFound, LogStreamError.InvalidRequest);
        Assert.Contains("zzz", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_container_name_the_pods_only_one_is_named_or_one_is_asked_for()
    {
        await FinishedAsync(Some.Lines(3));
        var request = Node.Request(Container) with { Container = "" };

        try
        {
            var output = await ReadOnceAsync(request);

            Assert.Equal(TextsOf(Some.Lines(3)), output.Texts);
            Assert.Equal(Container.Name, output.Facts[0].Container);
        }
        catch (LogStreamException refusal)
        {
            Assert.Equal(LogStreamError.InvalidRequest, refusal.Error);
        }
    }

    [Fact]
    public async Task The_uid_of_another_pod_is_not_found()
    {
        await FinishedAsync(Some.Lines(3));
        if (!Node.KnowsPodUid)
        {
            // It is the pod of that name and time.
            Assert.Equal(3, (await ReadOnceAsync(Node.Request(Container) with { PodUid = "00000000-0000-4000-8000-000000000000" })).Lines.Count);
            return;
        }

        var refusal = await RefusedAsync(Node.Request(Container) with { PodUid = "00000000-0000-4000-8000-000000000000" });

        Assert.Equal(LogStreamError.NotFound, refusal.Error);
    }

    [Fact]
    public async Task A_second_pod_of_the_same_name_is_told_apart_by_its_uid_or_its_time()
    {
        var second = Container with { PodUid = "bbbbbbbb-0a4b-4a5e-9d3e-1f0c5b7a8e21" };
        await FinishedAsync(Some.Lines(3));
        await Node.DeletePodAsync(Container);
        await Node.RunAsync(second, Some.Lines(4, first: 100));
        await Node.EndAsync(second);

        var output = await ReadOnceAsync(Node.Request(second) with { PodUid = second.PodUid });

        Assert.Equal(TextsOf(Some.Lines(4, first: 100)), output.Texts);
        Assert.Equal(Node.KnowsPodUid ? second.PodUid : null, output.Facts[0].PodUid);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../../etc")]
    [InlineData("a/../b")]
    [InlineData("a/b")]
    [InlineData("a\\b")]
    [InlineData("/etc/passwd")]
    [InlineData("%2e%2e%2f")]
    [InlineData("a?previous=true")]
    [InlineData("a#b")]
    [InlineData("a&b=c")]
    [InlineData("*")]
    [InlineData("ma*n")]
    [InlineData("a\nb")]
    [InlineData("a\0b")]
    [InlineData("a\u001bb")]
    [InlineData("\"quoted\"")]
    [InlineData("it's")]
    [InlineData("UPPER")]
    [InlineData("under_score")]
    [InlineData("ünïcode")]
    [InlineData("a-very-long-name-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public async Task A_hostile_name_reaches_nothing(string name)
    {
        await FinishedAsync(Some.Lines(3));
        var request = Node.Request(Container);

        // Leaving the container's name out is allowed.
        TailRequest[] asContainer = name.Length == 0 ? [] : [request with { Container = name }];
        foreach (var hostile in asContainer.Append(request with { Namespace = name }).Append(request with { Pod = name }))
        {
            var refusal = await RefusedAsync(hostile);

            AssertOneOf(refusal.Error, LogStreamError.NotFound, LogStreamError.InvalidRequest);
            Assert.DoesNotContain(refusal.Message, char.IsControl);
            Assert.Matches("^[A-Z][A-Z0-9_]{0,62}$", refusal.Reason);
        }
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../../etc")]
    [InlineData("a/b")]
    [InlineData("*")]
    [InlineData("a\nb")]
    public async Task A_hostile_uid_reaches_nothing(string uid)
    {
        await FinishedAsync(Some.Lines(3));

        var refusal = await RefusedAsync(Node.Request(Container) with { PodUid = uid });

        AssertOneOf(refusal.Error, LogStreamError.NotFound, LogStreamError.InvalidRequest);
        Assert.DoesNotContain(refusal.Message, char.IsControl);
    }
}
