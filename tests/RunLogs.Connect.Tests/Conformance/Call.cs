using Google.Protobuf;
using Google.Protobuf.Reflection;
using RunLogs.Connect.Conformance;

namespace RunLogs.Connect.Tests.Conformance;

/// <summary>One call of a case, and how it is written.</summary>
internal sealed record Call(string Method, IMessage Request, bool Json, bool Gzip, int? TimeoutMs, bool UseGet)
{
    private static readonly TypeRegistry Types = TypeRegistry.FromFiles(ConformanceReflection.Descriptor);
    private static readonly JsonFormatter Formatter = new(JsonFormatter.Settings.Default.WithTypeRegistry(Types));
    private static readonly JsonParser Strict = new(JsonParser.Settings.Default.WithTypeRegistry(Types));

    public string Path => $"/connectrpc.conformance.v1.ConformanceService/{Method}";

    public string Codec => Json ? "json" : "proto";

    public bool IsStream => Method == "ServerStream";

    public byte[] Body => Json ? System.Text.Encoding.UTF8.GetBytes(Formatter.Format(Request)) : Request.ToByteArray();

    public byte[] SentBody => Gzip ? Envelopes.Gzipped(Body) : Body;

    public HttpRequestMessage ToRequest(HttpClient client, HttpMethod verb, string path, byte[]? body, string? contentType)
    {
        var request = new HttpRequestMessage(verb, path) { Version = client.DefaultRequestVersion, VersionPolicy = client.DefaultVersionPolicy };
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", contentType);
        }

        request.Headers.TryAddWithoutValidation("X-Conformance-Test", ["Value1", "Value2"]);
        return request;
    }

    public IMessage ParseResponse(byte[] body)
    {
        var type = ConformanceReflection.Descriptor.Services[0].FindMethodByName(Method).OutputType;
        return Json ? Strict.Parse(System.Text.Encoding.UTF8.GetString(body), type) : type.Parser.ParseFrom(body);
    }
}
