using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace RunLogs.Host.Api.Http;

/// <summary>The JSON of errors over plain HTTP.</summary>
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class ErrorJson : JsonSerializerContext
{
    /// <summary>With quotes as they are: people read these bodies in a terminal.</summary>
    public static JsonTypeInfo<ErrorBody> Readable { get; } =
        new ErrorJson(new JsonSerializerOptions(JsonSerializerDefaults.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }).ErrorBody;
}
