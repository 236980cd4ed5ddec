using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using RunLogs.Testing.CloudWatch;

namespace RunLogs.Plugins.CloudWatch.Tests;

/// <summary>Pages of numbered events that are made when they are asked for, and never kept.</summary>
internal static class EndlessPage
{
    private const int PageEvents = 5_000;

    public static async Task<bool> AnswerAsync(FakeCall call, long start, int events)
    {
        var from = call.Token is { } token ? int.Parse(token.AsSpan(2), CultureInfo.InvariantCulture) : 0;
        var to = Math.Min(events, from + Math.Min(PageEvents, (int)call.Request["limit"]!));
        var body = new StringBuilder("{\"events\":[");
        for (var i = from; i < to; i++)
            body.Append(CultureInfo.InvariantCulture, $"{(i > from ? "," : "")}{{\"timestamp\":{start + (i / 100)},\"ingestionTime\":{start + 1000},\"message\":\"event {i} of a long log, {new string('x', 100)}\"}}");

        body.Append(CultureInfo.InvariantCulture, $"],\"nextForwardToken\":\"f/{to}\",\"nextBackwardToken\":\"b/{from}\"}}");
        await call.Http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body.ToString()));
        return true;
    }
}
