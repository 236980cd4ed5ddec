using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Http;

namespace RunLogs.Connect.Tests;

/// <summary>Hostile envelopes, headers, queries and JSON: 100,000 of them, or as many as RUNLOGS_FUZZ says.</summary>
public sealed class FuzzTests
{
    private const int Limit = 64 * 1024;

    // A refusal may cost some text; nothing may grow with what an input claims to be.
    private const long MostAllocated = 16 * 1024 * 1024;

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private static readonly SayRequest Message = new()
    {
        Text = "hello ☺",
        Times = -1,
        Mood = Mood.Happy,
        BestFeather = new Feather { Color = "red", LengthMm = 7 },
        Feathers = { new Feather(), new Feather { Color = "blue" } },
        Seeds = { { "a", 1 } },
        Previous = new SayRequest { Text = "before" },
        HatchedAt = new Google.Protobuf.WellKnownTypes.Timestamp { Seconds = 1, Nanos = 5 },
        Egg = ByteString.CopyFrom(1, 2, 3),
        Gift = Google.Protobuf.WellKnownTypes.Any.Pack(new Feather { Color = "green" }),
    };

    private static readonly MethodDescriptor Method = ParrotService.Descriptor.FindMethodByName("Say");
    private static readonly ICodec Proto = new ProtoCodec(Method.InputType);
    private static readonly ICodec Json = new JsonCodec(Method);
    private static readonly byte[] InJson = Encoding.UTF8.GetBytes(
        new JsonFormatter(JsonFormatter.Settings.Default.WithTypeRegistry(TypeRegistry.FromFiles(ParrotReflection.Descriptor))).Format(Message));

    private static readonly byte[][] Bodies =
    [
        Message.ToByteArray(), InJson, [], "{}"u8.ToArray(), Envelopes.Gzipped(InJson), Envelopes.Gzipped(new byte[10 * Limit]),
        Envelopes.Of(0, Message.ToByteArray()), Envelopes.Of(0, InJson), Envelopes.Of(1, Envelopes.Gzipped(Message.ToByteArray())),
        Envelopes.Of(1, Envelopes.Gzipped(new byte[10 * Limit])), [.. Envelopes.Of(0, []), .. Envelopes.Of(2, "{}"u8.ToArray())],
    ];

    private static readonly byte[][] Texts =
    [
        .. ((string[])["1", "gzip", "identity", "gzip;q=0, br", "100", "9999999999", "application/connect+json; charset=\"utf-8\"", "application/proto",
            "connect=v1&encoding=json&base64=1&message=e30&compression=gzip", "message=%7b%7d&encoding=proto", "message=a_-b&base64=1"]).Select(Encoding.Latin1.GetBytes),
    ];

    private static int Inputs => int.TryParse(Environment.GetEnvironmentVariable("RUNLOGS_FUZZ"), out var inputs) ? inputs : 100_000;

    [Fact]
    public void No_body_does_harm() => Each(Bodies, mutations =>
    {
        var body = new ReadOnlySequence<byte>(mutations.NextInput());
        var (codec, isGzip) = (mutations.Next(2) == 0 ? Proto : Json, mutations.Next(2) == 0);
        RequestReader reader = mutations.Next(2) == 0
            ? new EnvelopeRequestReader(PipeReader.Create(body), isGzip, codec, Limit)
            : new UnaryRequestReader(PipeReader.Create(body), contentLength: null, isGzip, codec, Limit);

        Read(reader);
    });

    [Fact]
    public void No_header_and_no_address_do_harm() => Each(Texts, mutations =>
    {
        string Next() => Encoding.Latin1.GetString(mutations.NextInput());
        var context = new DefaultHttpContext();
        var headers = context.Request.Headers;
        foreach (var name in (string[])["Connect-Protocol-Version", "Connect-Timeout-Ms", "Content-Encoding", "Accept-Encoding", CallHeaders.StreamEncoding, CallHeaders.StreamAcceptEncoding])
        {
            if (mutations.Next(2) == 0)
                headers[name] = mutations.Next(4) == 0 ? new[] { Next(), Next() } : Next();
        }

        _ = ConnectContentType.TryParse(Next(), out _);
        context.Request.QueryString = new QueryString("?" + Next());
        Refused(() => QueryMessage.Read(context.Request));
        Refused(() => CallHeaders.Read(headers, isStream: true));
        CallHeaders.Read(headers, isStream: false);
    });

    [Theory, InlineData(true), InlineData(false)]
    public void A_compressed_bomb_is_refused_at_the_limit(bool envelope)
    {
        const int Receives = 4 * 1024 * 1024;
        var bomb = new MemoryStream();
        using (var gzip = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            var zeros = new byte[1024 * 1024];
            for (var i = 0; i < 256; i++)
                gzip.Write(zeros);
        }

        Assert.InRange(bomb.Length, 1, Receives);
        RequestReader reader = envelope
            ? new EnvelopeRequestReader(PipeReader.Create(new ReadOnlySequence<byte>(Envelopes.Of(1, bomb.ToArray()))), true, Proto, Receives)
            : new UnaryRequestReader(PipeReader.Create(new ReadOnlySequence<byte>(bomb.ToArray())), null, true, Proto, Receives);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var refused = Assert.Throws<RpcException>(() => Read(reader));

        Assert.Equal(StatusCode.ResourceExhausted, refused.StatusCode);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64 * 1024 * 1024);
    }

    // All that there is to read is there: nothing waits.
    private static void Read(RequestReader reader)
    {
        var read = reader.ReadAsync().AsTask();
        Assert.True(read.IsCompleted);
        read.GetAwaiter().GetResult();
    }

    // An input that takes long takes long again: else it was the machine that stood still.
    private static void Each(byte[][] seeds, Action<Mutations> test) => Parallel.For(0, Inputs, number =>
        Assert.True(IsQuick(number, seeds, test) || IsQuick(number, seeds, test), $"Input {number} took more than {Longest}, twice."));

    private static bool IsQuick(int number, byte[][] seeds, Action<Mutations> test)
    {
        var mutations = new Mutations(number, seeds);
        var (started, before) = (TimeProvider.System.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
        var fault = Record.Exception(() => Refused(() => test(mutations)));

        // A number in the message makes the input again.
        Assert.True(fault is null, $"Input {number}: {fault}");
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.True(allocated < MostAllocated, $"Input {number} made {allocated} bytes.");
        return TimeProvider.System.GetElapsedTime(started) < Longest;
    }

    private static void Refused(Action action)
    {
        try
        {
            action();
        }
        catch (RpcException refused)
        {
            Assert.True(refused.StatusCode is StatusCode.InvalidArgument or StatusCode.ResourceExhausted or StatusCode.Unimplemented
                or StatusCode.Internal or StatusCode.DeadlineExceeded, $"{refused.Status}");
            Assert.InRange(refused.Status.Detail.Length, 1, 40 * 1024);
        }
    }
}
