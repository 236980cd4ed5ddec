using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;

namespace RunLogs.Connect;

/// <summary>Bodies in Protobuf's JSON; fields nobody knows are ignored, as newer clients send them.</summary>
internal sealed class JsonCodec : ICodec
{
    public const int RecursionLimit = 100;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly MethodDescriptor _method;
    private readonly JsonParser _parser;
    private readonly JsonFormatter _formatter;

    public JsonCodec(MethodDescriptor method)
    {
        // Only an Any needs it: what one may hold is whatever the service's files and their imports declare.
        var types = TypeRegistry.FromFiles(method.File, method.InputType.File, method.OutputType.File);
        _method = method;
        _parser = new JsonParser(new JsonParser.Settings(RecursionLimit, types).WithIgnoreUnknownFields(true));
        _formatter = new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(types));
    }

    public ReadOnlyMemory<byte> Decode(ReadOnlyMemory<byte> body)
    {
        try
        {
            return _parser.Parse(StrictUtf8.GetString(body.Span), _method.InputType).ToByteArray();
        }
        catch (DecoderFallbackException fault)
        {
            throw Invalid($"The request body is not UTF-8 at byte {fault.Index + 1}.");
        }
        catch (Exception fault) when (JsonFault.IsOne(fault))
        {
            throw Invalid(JsonFault.Describe(body, _method.InputType, _parser, fault));
        }
    }

    public ReadOnlyMemory<byte> Encode(ReadOnlyMemory<byte> message) =>
        Encoding.UTF8.GetBytes(_formatter.Format(_method.OutputType.Parser.ParseFrom(message.Span)));

    private static RpcException Invalid(string sentence) => new(new Status(StatusCode.InvalidArgument, sentence));
}
