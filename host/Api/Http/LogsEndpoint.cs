using Grpc.Core;
using Microsoft.Net.Http.Headers;
using RunLogs.Host.Contexts;
using RunLogs.Host.Cursors;
using RunLogs.Host.Tailing;
using RunLogs.Protos.Flyte.Common;

namespace RunLogs.Host.Api.Http;

/// <summary><c>GET /logs/{project}/{domain}/{run}/{action}/{attempt}</c>: a log for curl and browsers.</summary>
internal static class LogsEndpoint
{
    private static readonly string[] MediaTypes = [TextFormat.MediaType, NdjsonFormat.MediaType, EventStreamFormat.MediaType];

    public static void MapLogs(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/logs/{project}/{domain}/{run}/{action}/{attempt}", TailAsync);

    private static async Task TailAsync(
        string project, string domain, string run, string action, string attempt, HttpContext http, Tailer tailer, TailPlanner planner, CursorSeal cursors, TimeProvider time, ILoggerFactory loggers)
    {
        try
        {
            var mediaType = Negotiate(http.Request.GetTypedHeaders().Accept);
            var query = LogsQuery.Parse(http.Request, attempt, cursors, time.GetUtcNow());
            var identifier = new ActionIdentifier { Run = new RunIdentifier { Org = query.Org, Project = project, Domain = domain, Name = run }, Name = action };
            var tail = query.ToTail(identifier);
            using var sink = new HttpTailSink(http.Response, mediaType, query, cursors, time);
            var call = new TailCall(Callers.Of(http), token => planner.PlanAsync(tail, token), DateTimeOffset.MaxValue);
            await tailer.RunAsync(call, sink, http.RequestAborted);
            await sink.StartAsync(http.RequestAborted);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is left to be told.
        }
        catch (ContextException failure)
        {
            await FailAsync(http, new TailFailedException(StatusTable.CodeOf(failure.Error), failure.Message));
        }
        catch (TailFailedException failure)
        {
            await FailAsync(http, failure);
        }
        catch (Exception error)
        {
            loggers.CreateLogger(typeof(LogsEndpoint)).CallFailed(error, http.Request.Path);
            await FailAsync(http, new TailFailedException(StatusCode.Internal, "RunLogs failed to answer this call; the host's log tells why."));
        }
    }

    // Once lines went out, only a broken connection tells the client that they are not all.
    private static async Task FailAsync(HttpContext http, TailFailedException failure)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.StatusCode = StatusTable.HttpStatusOf(failure.Code);
        var body = new ErrorBody(
            StatusTable.NameOf(failure.Code), failure.Message, [.. failure.Verdicts.Select(verdict => new BackendError(verdict.Backend, verdict.Reason, verdict.Message))]);
        await http.Response.WriteAsJsonAsync(body, ErrorJson.Readable, contentType: null, http.RequestAborted);
    }

    private static string Negotiate(IList<MediaTypeHeaderValue> accept)
    {
        foreach (var range in accept.Where(range => range.Quality is null or > 0).OrderByDescending(range => range.Quality ?? 1))
        {
            if (Array.Find(MediaTypes, type => new MediaTypeHeaderValue(type).IsSubsetOf(Plain(range))) is { } chosen)
            {
                return chosen;
            }
        }

        return accept.Count == 0
            ? TextFormat.MediaType
            : throw new TailFailedException(StatusCode.InvalidArgument, $"Accept names no type this log comes in: {string.Join(", ", MediaTypes)}.");
    }

    // A range without its parameters: a quality or a charset must not exclude a type.
    private static MediaTypeHeaderValue Plain(MediaTypeHeaderValue range) => new(range.MediaType);
}
