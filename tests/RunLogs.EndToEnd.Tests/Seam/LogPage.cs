using System.Net;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>Calls of <c>GET /logs</c> over HTTP/2, where answers have trailers.</summary>
internal static class LogPage
{
    /// <summary>Opens a page that follows.</summary>
    public static async Task<HttpResponseMessage> GetAsync(HostProcess host, string run, string mediaType, string? lastEventId, CancellationToken cancellationToken)
    {
        using var request = Request(host, run, "&follow=true");
        request.Headers.Accept.ParseAdd(mediaType);
        if (lastEventId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastEventId);
        }

        var response = await host.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
        {
            using var _ = response;
            throw new HttpRequestException($"{response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}", null, response.StatusCode);
        }

        return response;
    }

    public static HttpRequestMessage Request(HostProcess host, string run, string query = "") =>
        new(HttpMethod.Get, new Uri(host.GrpcAddress, $"/logs/flytesnacks/development/{run}/a0/1?org=acme{query}")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    /// <summary>The closing record of an answer that was read to its end.</summary>
    public static Closing ClosingOf(HttpResponseMessage response)
    {
        var text = Assert.Single(response.TrailingHeaders.GetValues("runlogs-closing-bin"));
        return Closing.Parser.ParseFrom(Convert.FromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '=')));
    }
}
