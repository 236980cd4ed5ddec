using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace RunLogs.Connect.Tests;

/// <summary>The official client, @connectrpc/connect-node: needs Node and <c>npm ci</c> in tests/clients/connect.</summary>
public sealed class NodeClientTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string, bool, bool> Transports => new()
    {
        { "1.1", false, false }, { "1.1", true, false }, { "1.1", false, true },
        { "2", false, false }, { "2", true, false }, { "2", true, true },
    };

    [Theory, MemberData(nameof(Transports))]
    public async Task The_official_client_reads_an_answer(string http, bool json, bool gzip)
    {
        RequireClient();
        await using var server = await ParrotServer.StartAsync();
        var text = new string('a', 3000) + " ☺";
        server.Mind.Say = async (request, context) =>
        {
            await context.WriteResponseHeadersAsync(new Metadata { { "x-lead", context.RequestHeaders.GetValue("x-ask")! } });
            context.ResponseTrailers.Add("x-tail-bin", [1, 2]);
            return new SayResponse { Text = request.Text, Gift = Any.Pack(new Feather { Color = "red" }) };
        };

        var seen = await CallAsync(server, http, json, gzip, new JsonObject { ["text"] = text, ["times"] = "-1" });

        Assert.Equal(text, seen.GetProperty("answer").GetProperty("text").GetString());
        Assert.Equal("red", seen.GetProperty("answer").GetProperty("gift").GetProperty("color").GetString());
        Assert.Equal("yes", seen.GetProperty("headers").GetProperty("x-lead").GetString());
        Assert.Equal("AQI", seen.GetProperty("trailers").GetProperty("x-tail-bin").GetString());
    }

    [Theory, MemberData(nameof(Transports))]
    public async Task The_official_client_reads_an_error_with_its_details(string http, bool json, bool gzip)
    {
        RequireClient();
        await using var server = await ParrotServer.StartAsync();
        var status = new Google.Rpc.Status { Details = { Any.Pack(new Feather { Color = "red" }) } };
        server.Mind.Say = (_, _) => throw new RpcException(new Status(StatusCode.FailedPrecondition, "moulting ☺\n"),
            new Metadata { { "grpc-status-details-bin", status.ToByteArray() }, { "x-tail", "there" } });

        var seen = await CallAsync(server, http, json, gzip, []);

        Assert.Equal("FailedPrecondition", seen.GetProperty("code").GetString());
        Assert.Equal("moulting ☺\n", seen.GetProperty("message").GetString());
        Assert.Equal("there", seen.GetProperty("metadata").GetProperty("x-tail").GetString());
        var detail = Assert.Single(seen.GetProperty("details").EnumerateArray());
        Assert.Equal("parrot.v1.Feather", detail.GetProperty("type").GetString());
        Assert.Equal("red", detail.GetProperty("value").GetProperty("color").GetString());
    }

    [Theory, InlineData("1.1"), InlineData("2")]
    public async Task The_time_limit_of_the_official_client_reaches_the_handler(string http)
    {
        RequireClient();
        await using var server = await ParrotServer.StartAsync();
        var told = new TaskCompletionSource();
        server.Mind.Say = async (_, context) =>
        {
            await using var registration = context.CancellationToken.Register(told.SetResult);
            await told.Task.WaitAsync(Patience);
            return new SayResponse();
        };

        var seen = await CallAsync(server, http, json: true, gzip: false, [], timeoutMs: 300);

        Assert.Equal("DeadlineExceeded", seen.GetProperty("code").GetString());
        await told.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task The_official_client_is_told_of_a_method_that_is_not_served()
    {
        RequireClient();
        await using var server = await ParrotServer.StartAsync();

        var seen = await CallAsync(server, "1.1", json: true, gzip: false, [], service: "parrot.v1.CageService", method: "open");

        Assert.Equal("Unimplemented", seen.GetProperty("code").GetString());
    }

    private static string Folder
    {
        get
        {
            var root = new DirectoryInfo(AppContext.BaseDirectory);
            while (root is not null && !File.Exists(Path.Combine(root.FullName, "RunLogs.Plugins.sln")))
                root = root.Parent;
            return Path.Combine(root?.FullName ?? "", "tests", "clients", "connect");
        }
    }

    private static void RequireClient()
    {
        var isThere = Directory.Exists(Path.Combine(Folder, "node_modules"));
        if (Environment.GetEnvironmentVariable("CI") == "true")
            Assert.True(isThere, "npm ci in tests/clients/connect is required in CI.");
        Assert.SkipUnless(isThere, "Needs Node and npm ci in tests/clients/connect.");
    }

    private static async Task<JsonElement> CallAsync(
        ParrotServer server, string http, bool json, bool gzip, JsonObject request,
        int? timeoutMs = null, string service = "parrot.v1.ParrotService", string method = "say")
    {
        var files = new FileDescriptorSet();
        foreach (var file in (FileDescriptor[])[AnyReflection.Descriptor, TimestampReflection.Descriptor, ParrotReflection.Descriptor])
            files.File.Add(file.ToProto());
        var call = new JsonObject
        {
            ["baseUrl"] = (http == "2" ? server.Http2 : server.Http1).ToString(),
            ["httpVersion"] = http,
            ["json"] = json,
            ["gzip"] = gzip,
            ["service"] = service,
            ["method"] = method,
            ["files"] = Convert.ToBase64String(files.ToByteArray()),
            ["request"] = request,
            ["headers"] = new JsonObject { ["x-ask"] = "yes" },
            ["timeoutMs"] = timeoutMs,
        };

        using var node = Process.Start(new ProcessStartInfo("node", ["call.mjs", call.ToJsonString()]) { WorkingDirectory = Folder, RedirectStandardOutput = true })!;
        try
        {
            var output = await node.StandardOutput.ReadToEndAsync().WaitAsync(Patience);
            await node.WaitForExitAsync().WaitAsync(Patience);
            return JsonDocument.Parse(output).RootElement;
        }
        catch (TimeoutException)
        {
            node.Kill();
            throw;
        }
    }
}
