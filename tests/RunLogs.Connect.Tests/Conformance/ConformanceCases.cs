using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using RunLogs.Connect.Conformance;
using Enum = System.Enum;

namespace RunLogs.Connect.Tests.Conformance;

/// <summary>The cases of the suites that a server without client streams is asked.</summary>
internal static class ConformanceCases
{
    private static readonly ByteString Data = ByteString.CopyFromUtf8("test response");

    public static IReadOnlyList<ConformanceCase> All { get; } = [.. Basic(), .. Errors(), .. Duplicates(), .. Times(), .. Edges(), .. HttpCodes(), .. Gets()];

    private static IEnumerable<ConformanceCase> Basic()
    {
        yield return new("Basic/unary/success", Unary(Data, ["foo"], ["bing"]));
        yield return new("Basic/server-stream/success", Stream(2, ["foo"], ["bing"]));
        yield return new("Basic/server-stream/no-responses", Stream(0, ["foo"], ["bing"]));
        yield return new("Basic/unimplemented", new UnimplementedRequest()) { Method = "Unimplemented", Error = StatusCode.Unimplemented };
    }

    private static IEnumerable<ConformanceCase> Errors()
    {
        foreach (var code in Enum.GetValues<Code>().Where(code => code != Code.Unspecified))
        {
            yield return new($"Errors/unary/{code}", Unary(new Error { Code = code, Message = $"{code}" }));
            yield return new($"Errors/server-stream/{code}", Stream(0, error: new Error { Code = code, Message = $"{code}" }));
        }

        var error = new Error { Code = Code.FailedPrecondition, Message = "failed", Details = { Any.Pack(new Header { Name = "test error detail name", Value = { "a", "b" } }) } };
        const string Unicode = "\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\n";
        yield return new("Errors/unary/error-with-metadata", Unary(error, ["foo"], ["bing"]));
        yield return new("Errors/unary/unicode-error-message", Unary(new Error { Code = Code.Unknown, Message = Unicode }));
        yield return new("Errors/server-stream/unicode-error-message", Stream(1, error: new Error { Code = Code.Unknown, Message = Unicode }));
        yield return new("Errors/server-stream/error-with-metadata", Stream(0, ["foo"], ["bing"], error));
        yield return new("Errors/server-stream/error-with-responses", Stream(2, ["foo"], ["bing"], error));
        yield return new("Errors/server-stream/error-with-no-responses", Stream(0, error: error));
    }

    private static IEnumerable<ConformanceCase> Duplicates()
    {
        string[] headers = ["foo", "bar", "baz"], trailers = ["bing", "quux"];
        var error = new Error { Code = Code.Internal, Message = "failed" };
        yield return new("Duplicate Metadata/unary/success", Unary(Data, headers, trailers));
        yield return new("Duplicate Metadata/unary/error", Unary(error, headers, trailers));
        yield return new("Duplicate Metadata/server-stream/success", Stream(2, headers, trailers));
        yield return new("Duplicate Metadata/server-stream/no-response", Stream(0, headers, trailers));
        yield return new("Duplicate Metadata/server-stream/error-with-responses", Stream(2, headers, trailers, error));
        yield return new("Duplicate Metadata/server-stream/error-with-no-responses", Stream(0, headers, trailers, error));
    }

    private static IEnumerable<ConformanceCase> Times()
    {
        yield return new("Deadline Propagation/unary", Unary(Data)) { TimeoutMs = 60_000 };
        yield return new("Deadline Propagation/server-stream", Stream(2)) { TimeoutMs = 60_000 };

        var (unary, stream) = (Unary(Data), Stream(2));
        unary.ResponseDefinition.ResponseDelayMs = stream.ResponseDefinition.ResponseDelayMs = 1500;
        yield return new("Timeouts/unary", unary) { TimeoutMs = 200, Error = StatusCode.DeadlineExceeded };
        yield return new("Timeouts/server-stream", stream) { TimeoutMs = 200, Error = StatusCode.DeadlineExceeded };
    }

    private static IEnumerable<ConformanceCase> Edges()
    {
        yield return new("Server Empty Requests/unary", new UnaryRequest()) { ProtoOnly = true, IdentityOnly = true };
        yield return new("Server Empty Requests/server-stream", new ServerStreamRequest()) { ProtoOnly = true, IdentityOnly = true };
        yield return new("Server Message Size/unary/equal", OfSize(Unary(Data), 0)) { ProtoOnly = true };
        yield return new("Server Message Size/unary/exceeds", OfSize(Unary(Data), 10)) { ProtoOnly = true, Error = StatusCode.ResourceExhausted };
        yield return new("Server Message Size/server-stream/equal", OfSize(Stream(2), 0)) { ProtoOnly = true };
        yield return new("Server Message Size/server-stream/exceeds", OfSize(Stream(2), 10)) { ProtoOnly = true, Error = StatusCode.ResourceExhausted };
    }

    private static IEnumerable<ConformanceCase> HttpCodes()
    {
        int[] http = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401];
        foreach (var code in Enum.GetValues<Code>().Where(code => code != Code.Unspecified))
            yield return new($"Connect to HTTP Code Mapping/unary/{code}", Unary(new Error { Code = code })) { ConnectOnly = true, HttpStatus = http[(int)code] };
        yield return new("Connect to HTTP Code Mapping/server-stream", Stream(0, error: new Error { Code = Code.Unknown })) { ConnectOnly = true, HttpStatus = 200 };
    }

    private static IEnumerable<ConformanceCase> Gets()
    {
        var definition = Unary(Data, ["foo"], ["bing"]).ResponseDefinition;
        yield return new("Connect with GET/success", new IdempotentUnaryRequest { ResponseDefinition = definition }) { ConnectOnly = true, UseGet = true };
        yield return new("Connect with GET/by POST", new IdempotentUnaryRequest { ResponseDefinition = definition }) { ConnectOnly = true };
    }

    private static UnaryRequest Unary(ByteString data, string[]? headers = null, string[]? trailers = null)
    {
        var request = Unary(new Error(), headers, trailers);
        request.ResponseDefinition.ResponseData = data;
        return request;
    }

    private static UnaryRequest Unary(Error error, string[]? headers = null, string[]? trailers = null) => new()
    {
        ResponseDefinition = new UnaryResponseDefinition
        {
            ResponseHeaders = { new Header { Name = "x-custom-header", Value = { headers ?? [] } } },
            Error = error,
            ResponseTrailers = { new Header { Name = "x-custom-trailer", Value = { trailers ?? [] } } },
        },
    };

    private static ServerStreamRequest Stream(int messages, string[]? headers = null, string[]? trailers = null, Error? error = null) => new()
    {
        ResponseDefinition = new StreamResponseDefinition
        {
            ResponseHeaders = { new Header { Name = "x-custom-header", Value = { headers ?? [] } } },
            ResponseData = { Enumerable.Repeat(Data, messages) },
            Error = error,
            ResponseTrailers = { new Header { Name = "x-custom-trailer", Value = { trailers ?? [] } } },
        },
    };

    private static T OfSize<T>(T request, int more) where T : IMessage
    {
        var data = request.Descriptor.FindFieldByName("request_data").Accessor;
        var size = (int)ConformanceServer.ReceiveLimit + more;
        for (var length = size - request.CalculateSize(); request.CalculateSize() != size; length--)
            data.SetValue(request, ByteString.CopyFrom(new byte[length]));
        return request;
    }
}
