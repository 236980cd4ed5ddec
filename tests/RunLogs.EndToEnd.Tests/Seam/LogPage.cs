using System.Net;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>Calls of <c>GET /logs</c> that follow.</summary>
internal static class LogPage
{
    public static async Task<HttpResponseMessage> GetAsync(HostProcess host, string run, string mediaType, string? lastEventId, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/logs/flytesnacks/development/{run}/a0/1?org=acme&follow=true");
        request.Headers.Accept.ParseAdd(mediaType);
        request.Headers.TE.ParseAdd("trailers");
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            using var _ = response;
            throw new HttpRequestException($"{response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        }

        return response;
    }

    /// <summary>The closing record of an answer that was read to its end.</summary>
    public static Closing ClosingOf(HttpResponseMessage response)
    {
        var text = Assert.Single(response.TrailingHeaders.GetValues("runlogs-closing-bin"));
        return Closing.Parser.ParseFrom(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')));
    }
}
