using System.Text.Json.Serialization;

namespace RunLogs.Host.Api.Http;

/// <summary>The JSON of errors over plain HTTP.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class ErrorJson : JsonSerializerContext;
