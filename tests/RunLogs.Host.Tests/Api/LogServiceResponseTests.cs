using System.Buffers;
using Microsoft.Extensions.Time.Testing;
using RunLogs.Abstractions;
using RunLogs.Host.Api;
using RunLogs.Host.Tailing;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Protos.V1;
using Some = RunLogs.Host.Tests.Tailing.Some;

namespace RunLogs.Host.Tests.Api;

public sealed class LogServiceResponseTests
{
    private readonly ContainerField _container = new(Some.Request() with { Container = "" });
    private readonly LogServiceResponse _response = new(keepLineEnd: true, new FakeTimeProvider());

    [Fact]
    public void A_batch_becomes_the_message_that_the_contract_describes()
    {
        using var batch = Some.Batch("one", "", "zwölf");
        batch.Facts = new ContainerFacts { Container = "main" };
        batch.Add(new LogNotice(LogNoticeKind.LinesLost, "7 lines are gone") { Lines = 7 });

        var message = Parse(Of(batch, "Files", LogSourceKind.Archive, "c1"));

        var logs = Assert.Single(message.Logs);
        Assert.Equal(["one\n", "\n", "zwölf\n"], logs.Lines.Select(line => line.Message));
        Assert.All(logs.Lines, line => Assert.Equal((Some.Time.UnixSeconds, LogLineOriginator.User), (line.Timestamp.Seconds, line.Originator)));
        Assert.Equal(new ContainerIdentifier { ClusterName = "default", KubernetesNamespace = "flyte", KubernetesPodName = "run-a0-0", KubernetesContainerName = "main" }, logs.Container);
        Assert.Equal((LogLineSource.Persisted, "Files", "c1"), (logs.Source, logs.Backend, message.Cursor));
        var notice = Assert.Single(message.Notices);
        Assert.Equal((Notice.Types.Kind.LinesLost, "7 lines are gone", 7ul, logs.Container), (notice.Kind, notice.Message, notice.Lines, notice.Container));
        Assert.Null(message.Closing);
    }

    [Fact]
    public void A_change_of_source_names_both_backends()
    {
        using var batch = Some.Batch("two");
        batch.Add(new LogNotice(LogNoticeKind.SourceChanged, "on to the next"));

        var notice = Assert.Single(Parse(Of(batch, "Files", LogSourceKind.Archive, "c2", from: "Kubernetes")).Notices);

        Assert.Equal(("Kubernetes", "Files"), (notice.FromBackend, notice.ToBackend));
    }

    [Fact]
    public void A_response_without_lines_is_a_heartbeat_a_cursor_or_the_end()
    {
        using var batch = Some.Batch("one");
        Of(batch, "Kubernetes", LogSourceKind.Live, "c1");

        Assert.Equal(0, _response.With("").Size);
        Assert.Equal(new TailLogsResponse { Cursor = "c2" }, Parse(_response.With("c2")));
        Assert.Equal(new TailLogsResponse { Cursor = "c3", Closing = new Protos.V1.Closing { Lines = 3 } }, Parse(_response.With("c3", [0x08, 3])));
    }

    private static TailLogsResponse Parse(LogServiceResponse response)
    {
        var output = new ArrayBufferWriter<byte>();
        response.WriteTo(output);
        Assert.Equal(response.Size, output.WrittenCount);
        return TailLogsResponse.Parser.ParseFrom(output.WrittenSpan);
    }

    private LogServiceResponse Of(LogBatch batch, string backend, LogSourceKind kind, string cursor, string? from = null)
    {
        var item = new TailItem(batch, backend, kind, 0) { From = from };
        _container.Learn(item);
        return _response.With(item, _container, cursor);
    }
}
