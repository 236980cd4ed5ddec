using System.Collections.Specialized;
using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using RunLogs.Connect.Conformance;

namespace RunLogs.Connect.Tests.Conformance;

/// <summary>The suites of the conformance runner, asked of the executable that it starts.</summary>
public sealed class ConformanceTests(ConformanceServers servers) : IClassFixture<ConformanceServers>
{
    public static TheoryData<string, bool, bool, int> ConnectCases => Cases(connect: true, 1, 2);

    public static TheoryData<string, bool, bool, int> GrpcCases => Cases(connect: false, 2);

    public static TheoryData<string, bool, bool, int> GrpcWebCases => Cases(connect: false, 1, 2);

    [Theory, MemberData(nameof(ConnectCases))]
    public async Task Connect(string name, bool json, bool gzip, int http)
    {
        var one = ConformanceCases.All.Single(one => one.Name == name);
        var client = await servers.ClientAsync(Protocol.Connect, (HTTPVersion)http);

        var answer = await ConnectWire.CallAsync(client, one.With(json, gzip));

        Check(one, answer, protocol: Protocol.Connect);
    }

    [Theory, MemberData(nameof(GrpcCases))]
    public async Task Grpc(string name, bool json, bool gzip, int http)
    {
        var one = ConformanceCases.All.Single(one => one.Name == name);
        var client = await servers.ClientAsync(Protocol.Grpc, (HTTPVersion)http);

        try
        {
            Check(one, await GrpcWire.CallAsync(client, one.With(json, gzip), web: false), Protocol.Grpc);
        }
        catch (HttpRequestException) when (one.Error == StatusCode.DeadlineExceeded)
        {
            // A cancelled HTTP/2 stream is an answer too.
        }
    }

    [Theory, MemberData(nameof(GrpcWebCases))]
    public async Task GrpcWeb(string name, bool json, bool gzip, int http)
    {
        var one = ConformanceCases.All.Single(one => one.Name == name);
        var client = await servers.ClientAsync(Protocol.GrpcWeb, (HTTPVersion)http);

        try
        {
            Check(one, await GrpcWire.CallAsync(client, one.With(json, gzip), web: true), Protocol.GrpcWeb);
        }
        catch (HttpRequestException) when (one.Error == StatusCode.DeadlineExceeded && http == 2)
        {
            // A cancelled HTTP/2 stream is an answer too.
        }
    }

    private static TheoryData<string, bool, bool, int> Cases(bool connect, params int[] versions)
    {
        var cases = new TheoryData<string, bool, bool, int>();
        foreach (var one in ConformanceCases.All.Where(one => connect || !one.ConnectOnly))
        {
            foreach (var http in versions)
            {
                foreach (var json in (bool[])[false, true])
                {
                    foreach (var gzip in (bool[])[false, true])
                    {
                        if (!(json && (one.ProtoOnly || !connect)) && !(gzip && one.IdentityOnly))
                            cases.Add(one.Name, json, gzip, http);
                    }
                }
            }
        }

        return cases;
    }

    private static void Check(ConformanceCase one, Answer answer, Protocol protocol)
    {
        if (one.HttpStatus is { } status)
            Assert.Equal(status, answer.HttpStatus);
        if (one.Error is { } own)
        {
            Assert.Equal(own, answer.Code);
            return;
        }

        var (headers, trailers, data, error) = one.Request switch
        {
            UnaryRequest unary => Unary(unary.ResponseDefinition),
            IdempotentUnaryRequest unary => Unary(unary.ResponseDefinition),
            ServerStreamRequest { ResponseDefinition: { } stream } => (stream.ResponseHeaders, stream.ResponseTrailers, [.. stream.ResponseData], stream.Error),
            _ => ([], [], [], null),
        };
        Assert.Equal((error is null ? StatusCode.OK : (StatusCode)error.Code, error?.Message ?? ""), (answer.Code, answer.Message));
        Assert.Equal(data, answer.Payloads.Select(payload => payload.Data));
        CheckMetadata(headers, answer.Headers);
        CheckMetadata(trailers, answer.Trailers);
        Assert.All(answer.Payloads.Skip(1), payload => Assert.Null(payload.RequestInfo));

        var details = error?.Details.ToList() ?? [];
        if (data.Count > 0)
            CheckInfo(one, answer.Payloads[0].RequestInfo, protocol);
        else if (error is not null)
            CheckInfo(one, answer.Details[^1].Unpack<ConformancePayload.Types.RequestInfo>(), protocol);
        Assert.Equal(details, data.Count > 0 || error is null ? answer.Details : answer.Details[..^1]);
    }

    private static (RepeatedField<Header> Headers, RepeatedField<Header> Trailers, List<ByteString> Data, Error? Error) Unary(UnaryResponseDefinition? definition) => definition is null
        ? ([], [], [ByteString.Empty], null)
        : (definition.ResponseHeaders, definition.ResponseTrailers, definition.Error is null ? [definition.ResponseData] : [], definition.Error);

    private static void CheckMetadata(RepeatedField<Header> expected, NameValueCollection actual)
    {
        foreach (var header in expected)
            Assert.Equal(header.Value, Values(actual.GetValues(header.Name) ?? []));
    }

    private static void CheckInfo(ConformanceCase one, ConformancePayload.Types.RequestInfo info, Protocol protocol)
    {
        var header = info.RequestHeaders.Single(header => header.Name.Equals("x-conformance-test", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(["Value1", "Value2"], Values(header.Value));
        var any = Assert.Single(info.Requests);
        Assert.Equal(Any.Pack(one.Request), any);
        Assert.Equal(one.TimeoutMs is not null, info.HasTimeoutMs);
        if (one.TimeoutMs is { } timeout)
            Assert.InRange(info.TimeoutMs, timeout / 2, timeout);
        Assert.Equal(one.UseGet && protocol == Protocol.Connect, info.ConnectGetInfo is not null);
        if (one.UseGet)
            Assert.Contains(info.ConnectGetInfo!.QueryParams, parameter => parameter.Name == "connect" && parameter.Value.Single() == "v1");
    }

    // One header of two values and two headers of one are the same.
    private static IEnumerable<string> Values(IEnumerable<string> values) => values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries));
}
