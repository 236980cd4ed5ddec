using System.Text;
using Microsoft.AspNetCore.Http;
using RunLogs.Abstractions;
using RunLogs.Testing;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

public sealed class ErrorTests : CloudWatchTests
{
    [Theory]
    [InlineData("ResourceNotFoundException", 400, LogStreamError.NotFound, "NOT_FOUND", "/aws/containerinsights/default/application")]
    [InlineData("InvalidParameterException", 400, LogStreamError.InvalidRequest, "BAD_PARAMETER", "RunLogs:Backends:CloudWatch:LogGroup")]
    [InlineData("ValidationException", 400, LogStreamError.InvalidRequest, "BAD_PARAMETER", "DescribeLogStreams")]
    [InlineData("MalformedQueryException", 400, LogStreamError.InvalidRequest, "BAD_PARAMETER", "DescribeLogStreams")]
    [InlineData("InvalidOperationException", 400, LogStreamError.FailedPrecondition, "LOG_CLASS", "Infrequent Access")]
    [InlineData("DataAlreadyAcceptedException", 400, LogStreamError.FailedPrecondition, "FAILED_PRECONDITION", "DescribeLogStreams")]
    [InlineData("AccessDeniedException", 400, LogStreamError.PermissionDenied, "FORBIDDEN", "logs:DescribeLogStreams")]
    [InlineData("AccessDeniedException", 403, LogStreamError.PermissionDenied, "FORBIDDEN", "logs:DescribeLogStreams")]
    [InlineData("UnauthorizedOperation", 403, LogStreamError.PermissionDenied, "FORBIDDEN", "logs:DescribeLogStreams")]
    [InlineData("KMSAccessDeniedException", 400, LogStreamError.PermissionDenied, "FORBIDDEN", "kms:Decrypt")]
    [InlineData("OptInRequired", 403, LogStreamError.PermissionDenied, "OPT_IN_REQUIRED", "RunLogs:Backends:CloudWatch:Region")]
    [InlineData("ExpiredTokenException", 400, LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED", "expired")]
    [InlineData("ExpiredToken", 403, LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED", "expired")]
    [InlineData("UnrecognizedClientException", 400, LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED", "role")]
    [InlineData("InvalidClientTokenId", 403, LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED", "role")]
    [InlineData("MissingAuthenticationTokenException", 400, LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED", "role")]
    [InlineData("IncompleteSignature", 400, LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED", "role")]
    [InlineData("InvalidSignatureException", 400, LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED", "secret key")]
    [InlineData("SignatureDoesNotMatch", 403, LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED", "secret key")]
    [InlineData("RequestTimeTooSkewed", 403, LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED", "clock")]
    [InlineData("RequestExpired", 400, LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED", "clock")]
    [InlineData("RequestInTheFuture", 400, LogStreamError.FailedPrecondition, "BACKEND_UNAUTHENTICATED", "clock")]
    [InlineData("SerializationException", 400, LogStreamError.Internal, "BAD_ENDPOINT", "RunLogs:Backends:CloudWatch:Endpoint")]
    [InlineData("UnknownOperationException", 404, LogStreamError.Internal, "BAD_ENDPOINT", "RunLogs:Backends:CloudWatch:Endpoint")]
    [InlineData("ThrottlingException", 400, LogStreamError.RateLimited, "THROTTLED", "DescribeLogStreams")]
    [InlineData("Throttling", 503, LogStreamError.RateLimited, "THROTTLED", "DescribeLogStreams")]
    [InlineData("TooManyRequestsException", 429, LogStreamError.RateLimited, "THROTTLED", "DescribeLogStreams")]
    [InlineData("RequestLimitExceeded", 503, LogStreamError.RateLimited, "THROTTLED", "DescribeLogStreams")]
    [InlineData("SlowDown", 503, LogStreamError.RateLimited, "THROTTLED", "DescribeLogStreams")]
    [InlineData("LimitExceededException", 400, LogStreamError.RateLimited, "THROTTLED", "DescribeLogStreams")]
    [InlineData("ServiceQuotaExceededException", 400, LogStreamError.RateLimited, "THROTTLED", "DescribeLogStreams")]
    [InlineData("ServiceUnavailableException", 503, LogStreamError.Unavailable, "UNREACHABLE", "503")]
    [InlineData("InternalFailure", 500, LogStreamError.Unavailable, "UNREACHABLE", "500")]
    [InlineData("InternalServerException", 500, LogStreamError.Unavailable, "UNREACHABLE", "500")]
    [InlineData("BrandNewException", 400, LogStreamError.Internal, "UNKNOWN_ANSWER", "BrandNewException")]
    [InlineData("NewUnauthorizedThing", 400, LogStreamError.Internal, "UNKNOWN_ANSWER", "400")]
    public async Task Every_code_has_its_outcome(string code, int status, LogStreamError error, string reason, string word)
    {
        await FinishedAsync(Some.Lines(3));
        Logs.Before = _ => throw new FakeServiceException(code, "words of the service, with its Secret", status);

        var refusal = await RefusedAsync();

        Assert.Equal((error, reason), (refusal.Error, refusal.Reason));
        Assert.Contains(word, refusal.Message, StringComparison.Ordinal);
        AssertSafe(refusal);
    }

    [Theory]
    [InlineData("ThrottlingException", 8)]
    [InlineData("ServiceUnavailableException", 5)]
    [InlineData("AccessDeniedException", 1)]
    public async Task A_call_is_tried_as_often_as_its_error_is_worth(string code, int tries)
    {
        await FinishedAsync(Some.Lines(3));
        Logs.Before = _ => throw new FakeServiceException(code, "");

        await RefusedAsync();

        Assert.Equal(tries, Logs.Calls.Count);
    }

    [Fact]
    public async Task A_denied_read_names_the_stream_the_group_and_the_permission()
    {
        await FinishedAsync(Some.Lines(3));
        Logs.Before = call => call.Operation == "GetLogEvents" ? throw new FakeServiceException("AccessDeniedException", "User: arn:aws:iam::1:role/x is not authorized") : Task.FromResult(false);

        var refusal = await RefusedAsync();

        Assert.Equal($"CloudWatch refused GetLogEvents on the stream {Node.StreamOf(Container)} of the log group {CloudWatchNode.LogGroup}: allow logs:GetLogEvents on it to the host's AWS role.", refusal.Message);
    }

    [Fact]
    public async Task A_group_of_infrequent_access_says_what_to_do()
    {
        Logs.CreateGroup("/rare", "INFREQUENT_ACCESS");
        Node.Settings["LogGroup"] = "/rare";
        Logs.Put("/rare", Node.StreamOf(Container), (Milliseconds(Some.Lines(1)[0]), "x"));

        var refusal = await RefusedAsync();

        Assert.Equal((LogStreamError.FailedPrecondition, "LOG_CLASS"), (refusal.Error, refusal.Reason));
        Assert.Contains("RunLogs:Backends:CloudWatch:LogGroup", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(502)]
    [InlineData(200)]
    public async Task A_proxys_page_is_unavailable_and_goes_away(int status)
    {
        await FinishedAsync(Some.Lines(3));
        var pages = 0;
        Logs.Before = async call =>
        {
            if (Interlocked.Increment(ref pages) > 3)
                return false;

            call.Http.Response.StatusCode = status;
            call.Http.Response.ContentType = "text/html";
            await call.Http.Response.Body.WriteAsync("<html><h1>502 Bad Gateway</h1></html>"u8.ToArray());
            return true;
        };

        await ReadAsync();

        Assert.Equal(3, Output.Lines.Count);
    }

    [Fact]
    public async Task A_proxys_page_without_end_is_unavailable()
    {
        Logs.Before = async call =>
        {
            call.Http.Response.StatusCode = 503;
            await call.Http.Response.Body.WriteAsync("<html>unauthorized gateway</html>"u8.ToArray());
            return true;
        };

        var refusal = await RefusedAsync();

        Assert.Equal(LogStreamError.Unavailable, refusal.Error);
        AssertSafe(refusal);
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        Logs.Before = call =>
        {
            call.Http.Response.StatusCode = 307;
            call.Http.Response.Headers.Location = Logs.Url + "/elsewhere";
            return Task.FromResult(true);
        };

        var refusal = await RefusedAsync();

        Assert.Equal((LogStreamError.FailedPrecondition, "REDIRECTED"), (refusal.Error, refusal.Reason));
        Assert.Single(Logs.Calls);
    }

    [Fact]
    public async Task Resets_are_survived()
    {
        await FinishedAsync(Some.Lines(30));
        Node.Group.PageEvents = 7;
        var calls = 0;
        Logs.Before = call =>
        {
            if (Interlocked.Increment(ref calls) % 3 == 0)
                call.Http.Abort();

            return Task.FromResult(call.Http.RequestAborted.IsCancellationRequested);
        };

        await ReadAsync();

        Assert.Equal(TextsOf(Some.Lines(30)), Output.Texts);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_unavailable_and_names_the_setting()
    {
        Node.Settings["Endpoint"] = "http://127.0.0.1:1";

        var refusal = await RefusedAsync();

        Assert.Equal((LogStreamError.Unavailable, "UNREACHABLE"), (refusal.Error, refusal.Reason));
        Assert.Contains("RunLogs:Backends:CloudWatch:Endpoint", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Throttling_that_ends_is_waited_out_and_told()
    {
        await Node.RunAsync(Container, Some.Lines(5));
        using var cancellation = new CancellationTokenSource();
        var tail = Streamer.TailLogsAsync(Node.Request(Container), Output, cancellation.Token);
        await Node.Within(Output.LinesAsync(5));
        Logs.Before = _ => throw FakeServiceException.Throttled();

        await Node.Within(Output.NoticeAsync(LogNoticeKind.Throttled));
        Logs.Before = null;
        await Node.AppendAsync(Container, Some.Lines(2, first: 5));
        await Node.Within(Output.LinesAsync(7));

        Assert.Equal(TextsOf(Some.Lines(7)), Output.Texts);
        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tail.WaitAsync(FakeNode.Patience));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(-60)]
    [InlineData(-30)]
    public async Task A_clock_that_is_wrong_is_put_right_with_the_first_call(int minutes)
    {
        await FinishedAsync(Some.Lines(3));
        Logs.ClockSkew = TimeSpan.FromMinutes(minutes);
        var requests = 0;
        Logs.Seen = () => requests++;

        await ReadAsync();

        Assert.Equal(3, Output.Lines.Count);
        Assert.Equal(Logs.Calls.Count + 1, requests);
    }

    [Fact]
    public async Task A_clock_that_goes_wrong_again_is_put_right_again()
    {
        await FinishedAsync(Some.Lines(3));
        Logs.ClockSkew = TimeSpan.FromHours(1);
        await ReadAsync();

        Logs.ClockSkew = TimeSpan.Zero;
        await ReadAsync();

        Assert.Equal(6, Output.Lines.Count);
    }

    [Fact]
    public async Task A_body_beyond_every_page_is_not_read()
    {
        Logs.Before = async call =>
        {
            var block = Encoding.ASCII.GetBytes(new string(' ', 1024 * 1024));
            for (var i = 0; i < 64 && !call.Http.RequestAborted.IsCancellationRequested; i++)
                await call.Http.Response.Body.WriteAsync(block);

            return true;
        };

        var refusal = await RefusedAsync();

        Assert.Equal(LogStreamError.Unavailable, refusal.Error);
    }

    private static void AssertSafe(LogStreamException refusal)
    {
        Assert.DoesNotContain("unauthorized", refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("unauthenticated", refusal.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("words of the service", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(FakeCloudWatchLogs.SecretKey, refusal.Message, StringComparison.Ordinal);
    }
}
