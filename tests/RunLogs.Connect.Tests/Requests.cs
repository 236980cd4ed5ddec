using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Google.Protobuf;

namespace RunLogs.Connect.Tests;

/// <summary>What tests send and read.</summary>
internal static class Requests
{
    public static HttpRequestMessage Json(string json) => Body(Encoding.UTF8.GetBytes(json), "application/json");

    public static HttpRequestMessage Proto(IMessage message) => Body(message.ToByteArray(), "application/proto");

    public static HttpRequestMessage Body(byte[] body, string? contentType)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, ParrotServer.SayPath) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return request;
    }

    public static HttpRequestMessage To(this HttpRequestMessage request, string path)
    {
        request.RequestUri = new Uri(path, UriKind.Relative);
        return request;
    }

    /// <summary>A request of the stream, in one plain envelope.</summary>
    public static HttpRequestMessage Chatter(SayRequest message, bool json = false) => json
        ? Body(Envelopes.Of(0, Encoding.UTF8.GetBytes(JsonFormatter.Default.Format(message))), "application/connect+json").To(ParrotServer.ChatterPath)
        : Body(Envelopes.Of(0, message.ToByteArray()), "application/connect+proto").To(ParrotServer.ChatterPath);

    public static HttpRequestMessage With(this HttpRequestMessage request, string header, string value)
    {
        if (!request.Headers.TryAddWithoutValidation(header, value))
            request.Content!.Headers.TryAddWithoutValidation(header, value);
        return request;
    }

    public static async Task<HttpResponseMessage> SendAsync(this ParrotServer server, string version, HttpRequestMessage request)
    {
        using var client = server.Client(version);
        return await client.SendAsync(Over(client, request));
    }

    /// <summary>The request in the HTTP version of the client, which a request made by hand does not take from it.</summary>
    public static HttpRequestMessage Over(HttpClient client, HttpRequestMessage request)
    {
        request.Version = client.DefaultRequestVersion;
        request.VersionPolicy = client.DefaultVersionPolicy;
        return request;
    }

    public static string Header(this HttpResponseMessage response, string name) =>
        string.Join("|", response.Headers.NonValidated[name]);

    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync()).RootElement;

    /// <summary>Reads an error and checks that it has the form of one.</summary>
    public static async Task<(int Status, string Code, string Message)> ErrorAsync(this HttpResponseMessage response)
    {
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Empty(response.TrailingHeaders);
        var error = await response.JsonAsync();
        Assert.All(error.EnumerateObject(), property => Assert.Contains(property.Name, (string[])["code", "message", "details"]));
        return ((int)response.StatusCode, error.GetProperty("code").GetString()!,
            error.TryGetProperty("message", out var message) ? message.GetString()! : "");
    }
}
