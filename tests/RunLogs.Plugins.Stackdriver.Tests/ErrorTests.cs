using Grpc.Core;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.Stackdriver;
using RunLogs.Testing.Stackdriver.Protos;

namespace RunLogs.Plugins.Stackdriver.Tests;

public sealed class ErrorTests : StackdriverTests
{
    [Theory]
    [InlineData(StatusCode.NotFound, null, LogStreamError.NotFound, "BACKEND_RESOURCE", "RunLogs:Backends:Stackdriver:ProjectId", 1)]
    [InlineData(StatusCode.InvalidArgument, null, LogStreamError.Internal, "BAD_QUERY", "RunLogs:Backends:Stackdriver:ProjectId", 1)]
    [InlineData(StatusCode.PermissionDenied, null, LogStreamError.PermissionDenied, "FORBIDDEN", "roles/logging.viewer", 1)]
    [InlineData(StatusCode.PermissionDenied, "IAM_PERMISSION_DENIED", LogStreamError.PermissionDenied, "FORBIDDEN", "logging.logEntries.list", 1)]
    [InlineData(StatusCode.PermissionDenied, "SERVICE_DISABLED", LogStreamError.FailedPrecondition, "API_DISABLED", "logging.googleapis.com", 1)]
    [InlineData(StatusCode.PermissionDenied, "USER_PROJECT_DENIED", LogStreamError.PermissionDenied, "QUOTA_PROJECT_DENIED", "GOOGLE_CLOUD_QUOTA_PROJECT", 1)]
    [InlineData(StatusCode.PermissionDenied, "CONSUMER_INVALID", LogStreamError.PermissionDenied, "WRONG_PROJECT", "RunLogs:Backends:Stackdriver:ProjectId", 1)]
    [InlineData(StatusCode.Unauthenticated, null, LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED", "service account", 2)]
    [InlineData(StatusCode.ResourceExhausted, "RATE_LIMIT_EXCEEDED", LogStreamError.RateLimited, "THROTTLED", "quota", 8)]
    [InlineData(StatusCode.ResourceExhausted, null, LogStreamError.RateLimited, "THROTTLED", "quota", 8)]
    [InlineData(StatusCode.Unavailable, null, LogStreamError.Unavailable, "UNREACHABLE", "RunLogs:Backends:Stackdriver:Endpoint", 5)]
    [InlineData(StatusCode.DeadlineExceeded, null, LogStreamError.Unavailable, "UNREACHABLE", "my-project-123456", 5)]
    [InlineData(StatusCode.Internal, null, LogStreamError.Unavailable, "UNREACHABLE", "my-project-123456", 5)]
    [InlineData(StatusCode.Aborted, null, LogStreamError.Unavailable, "UNREACHABLE", "my-project-123456", 5)]
    [InlineData(StatusCode.Unimplemented, null, LogStreamError.Internal, "BAD_ENDPOINT", "RunLogs:Backends:Stackdriver:Endpoint", 1)]
    [InlineData(StatusCode.FailedPrecondition, null, LogStreamError.FailedPrecondition, "FAILED_PRECONDITION", "billing", 1)]
    [InlineData(StatusCode.Unknown, null, LogStreamError.Internal, "UNKNOWN_ANSWER", "gRPC status 2", 1)]
    public async Task Every_status_has_its_outcome_and_is_tried_as_often_as_it_is_worth(StatusCode status, string? reason, LogStreamError error, string expected, string word, int tries)
    {
        await FinishedAsync(Some.Lines(3));
        Logging.Before = _ => throw FakeRefusal.Of(status, "words of the service, with its Secret", reason);

        var refusal = await Assert.ThrowsAsync<LogStreamException>(() => Node.WithinMinutes(TailAsync()));

        Assert.Equal((error, expected), (refusal.Error, refusal.Reason));
        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(tries, Logging.Calls.Count);
        AssertSafe(refusal);
    }

    [Fact]
    public async Task Details_that_are_none_change_nothing()
    {
        Logging.Before = _ => throw new RpcException(new Status(StatusCode.PermissionDenied, ""), new Metadata { { "grpc-status-details-bin", [0xFF, 0xFF, 0x01] } });

        Assert.Equal("FORBIDDEN", (await RefusedAsync()).Reason);
    }

    [Fact]
    public async Task A_quota_that_is_used_up_is_waited_for_until_the_next_minute_and_told()
    {
        await Node.RunAsync(Container, Some.Lines(5));
        var throttledAt = default(DateTimeOffset);

        await FollowAsync(async () =>
        {
            await Node.Within(Output.LinesAsync(5));
            Node.Time.Advance(TimeSpan.FromTicks(TimeSpan.TicksPerMinute - (Node.Time.GetUtcNow().Ticks % TimeSpan.TicksPerMinute)));
            await Node.AppendAsync(Container, Some.Lines(2, first: 5));
            Logging.Before = call =>
            {
                if (throttledAt != default)
                    return Task.FromResult<ListLogEntriesResponse?>(null);

                throttledAt = call.At;
                throw FakeRefusal.OutOfQuota();
            };
            await Node.Within(Output.LinesAsync(7));
        });

        Assert.Equal(TextsOf(Some.Lines(7)), Output.Texts);
        var next = Logging.Calls.First(call => call.At > throttledAt).At;
        Assert.True(next.Ticks / TimeSpan.TicksPerMinute > throttledAt.Ticks / TimeSpan.TicksPerMinute, $"{throttledAt} {next}");
        Assert.Contains(Output.Notices, notice => notice.Kind == LogNoticeKind.Throttled);
    }

    [Fact]
    public async Task A_token_that_is_not_taken_is_fetched_anew_once()
    {
        await FinishedAsync(Some.Lines(3));
        Logging.Before = call => Logging.Calls.Count == 1 ? throw FakeRefusal.Of(StatusCode.Unauthenticated, "") : Task.FromResult<ListLogEntriesResponse?>(null);

        await ReadAsync();

        Assert.Equal(3, Output.Lines.Count);
        Assert.Equal(2, Logging.Calls.Count);
    }

    [Fact]
    public async Task Failures_that_end_are_survived()
    {
        await FinishedAsync(Some.Lines(30));
        Logging.Entries.PageEntries = 7;
        Logging.Before = _ => Logging.Calls.Count % 3 != 0 ? throw FakeRefusal.Of(StatusCode.Unavailable, "") : Task.FromResult<ListLogEntriesResponse?>(null);

        await ReadAsync();

        Assert.Equal(TextsOf(Some.Lines(30)), Output.Texts);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_unavailable_and_names_the_setting()
    {
        Node.Settings["Endpoint"] = "http://127.0.0.1:1";

        var refusal = await RefusedAsync();

        Assert.Equal((LogStreamError.Unavailable, "UNREACHABLE"), (refusal.Error, refusal.Reason));
        Assert.Contains("RunLogs:Backends:Stackdriver:Endpoint", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_does_not_speak_gRPC_is_no_service()
    {
        Node.Settings["Endpoint"] = Logging.RestUrl;

        var refusal = await RefusedAsync();

        Assert.Contains(refusal.Error, new[] { LogStreamError.Unavailable, LogStreamError.Internal });
        Assert.Contains("RunLogs:Backends:Stackdriver:Endpoint", refusal.Message, StringComparison.Ordinal);
    }

    private static void AssertSafe(LogStreamException refusal)
    {
        Assert.DoesNotContain("unauthorized", refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("unauthenticated", refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("words of the service", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeLoggingService.AccessToken, refusal.Message, StringComparison.Ordinal);
    }
}
