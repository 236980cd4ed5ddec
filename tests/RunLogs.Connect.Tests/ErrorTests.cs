using System.Net;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace RunLogs.Connect.Tests;

public sealed class ErrorTests
{
    public static TheoryData<StatusCode, string, int> Codes => new()
    {
        { StatusCode.Cancelled, "canceled", 499 },
        { StatusCode.Unknown, "unknown", 500 },
        { StatusCode.InvalidArgument, "invalid_argument", 400 },
        { StatusCode.DeadlineExceeded, "deadline_exceeded", 504 },
        { StatusCode.NotFound, "not_found", 404 },
        { StatusCode.AlreadyExists, "already_exists", 409 },
        { StatusCode.PermissionDenied, "permission_denied", 403 },
        { StatusCode.ResourceExhausted, "resource_exhausted", 429 },
        { StatusCode.FailedPrecondition, "failed_precondition", 400 },
        { StatusCode.Aborted, "aborted", 409 },
        { StatusCode.OutOfRange, "out_of_range", 400 },
        { StatusCode.Unimplemented, "unimplemented", 501 },
        { StatusCode.Internal, "internal", 500 },
        { StatusCode.Unavailable, "unavailable", 503 },
        { StatusCode.DataLoss, "data_loss", 500 },
        { StatusCode.Unauthenticated, "unauthenticated", 401 },
    };

    [Theory, MemberData(nameof(Codes))]
    public async Task Every_code_has_its_name_and_http_status(StatusCode code, string name, int http)
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Say = (_, _) => throw new RpcException(new Status(code, "why"));

        using var response = await server.SendAsync("1.1", Requests.Proto(new SayRequest()));

        Assert.Equal((http, name, "why"), await response.ErrorAsync());
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_message_keeps_its_line_ends_and_its_unicode(string http)
    {
        const string Message = "\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\n";
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Say = (_, _) => throw new RpcException(new Status(StatusCode.NotFound, Message));

        using var response = await server.SendAsync(http, Requests.Json("{}"));

        Assert.Equal((404, "not_found", Message), await response.ErrorAsync());
    }

    [Fact]
    public async Task An_error_without_a_message_has_none()
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Say = (_, _) => throw new RpcException(new Status(StatusCode.Aborted, ""));

        using var response = await server.SendAsync("1.1", Requests.Json("{}"));

        Assert.Equal("""{"code":"aborted"}""", await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Details_come_with_bare_type_names_and_unpadded_base64()
    {
        await using var server = await ParrotServer.StartAsync();
        var feather = new Feather { Color = "red" };
        var status = new Google.Rpc.Status { Code = (int)StatusCode.NotFound, Message = "gone", Details = { Any.Pack(feather), Any.Pack(new Timestamp { Seconds = 1 }) } };
        server.Mind.Say = (_, _) => throw new RpcException(
            new Status(StatusCode.NotFound, "gone"), new Metadata { { "grpc-status-details-bin", status.ToByteArray() } });

        using var response = await server.SendAsync("1.1", Requests.Json("{}"));

        var details = (await response.JsonAsync()).GetProperty("details");
        Assert.Equal(2, details.GetArrayLength());
        Assert.Equal("parrot.v1.Feather", details[0].GetProperty("type").GetString());
        Assert.Equal(Convert.ToBase64String(feather.ToByteArray()).TrimEnd('='), details[0].GetProperty("value").GetString());
        Assert.EndsWith("=", Convert.ToBase64String(feather.ToByteArray()), StringComparison.Ordinal);
        Assert.Equal("google.protobuf.Timestamp", details[1].GetProperty("type").GetString());
        Assert.DoesNotContain(response.Headers, header => header.Key.Contains("grpc", StringComparison.OrdinalIgnoreCase));
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task Details_that_are_none_leave_the_code_and_the_message(string http)
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Say = (_, _) => throw new RpcException(
            new Status(StatusCode.NotFound, "gone"), new Metadata { { "grpc-status-details-bin", [0xff, 0xff] } });

        using var response = await server.SendAsync(http, Requests.Json("{}"));

        Assert.Equal((404, "not_found", "gone"), await response.ErrorAsync());
    }

    [Theory]
    [InlineData("1.1", true), InlineData("2.0", true)]
    [InlineData("1.1", false), InlineData("2.0", false)]
    public async Task Trailers_of_an_error_come_as_prefixed_headers(string http, bool headersFirst)
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Say = async (_, context) =>
        {
            if (headersFirst)
                await context.WriteResponseHeadersAsync(new Metadata { { "x-lead", "1" } });
            context.ResponseTrailers.Add("x-tail", "2");
            throw new RpcException(new Status(StatusCode.NotFound, "gone"), new Metadata { { "x-tail", "3" }, { "x-tail-bin", [1] } });
        };

        using var response = await server.SendAsync(http, Requests.Json("{}"));

        Assert.Equal((404, "not_found", "gone"), await response.ErrorAsync());
        Assert.Equal(headersFirst, response.Headers.Contains("x-lead"));
        Assert.Equal(["2", "3"], response.Headers.GetValues("trailer-x-tail"));
        Assert.Equal("AQ", response.Header("trailer-x-tail-bin"));
        Assert.False(response.Headers.Contains("x-tail"));
        Assert.Empty(response.TrailingHeaders);
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task An_exception_of_the_handler_does_not_leak(string http)
    {
        await using var server = await ParrotServer.StartAsync();
        server.ExpectsErrors = true;
        server.Mind.Say = (_, _) => throw new InvalidOperationException("the password is sesame");

        using var response = await server.SendAsync(http, Requests.Json("{}"));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.DoesNotContain("sesame", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal((500, "unknown", "Exception was thrown by handler."), await response.ErrorAsync());
    }

    [Fact]
    public async Task A_status_set_beside_a_message_wins()
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Say = (_, context) =>
        {
            context.Status = new Status(StatusCode.OutOfRange, "too far");
            return Task.FromResult(new SayResponse { Text = "not to be sent" });
        };

        using var response = await server.SendAsync("1.1", Requests.Json("{}"));

        Assert.Equal((400, "out_of_range", "too far"), await response.ErrorAsync());
    }

    [Fact]
    public async Task An_answer_that_json_cannot_say_is_an_internal_error()
    {
        await using var server = await ParrotServer.StartAsync();
        server.ExpectsErrors = true;
        server.Mind.Say = (_, _) => Task.FromResult(new SayResponse { Gift = new Any { TypeUrl = "type.googleapis.com/of.another.World" } });

        using var response = await server.SendAsync("1.1", Requests.Json("{}"));

        Assert.Equal((500, "internal", "The answer of parrot.v1.ParrotService/Say could not be written as application/json."), await response.ErrorAsync());
    }

    [Theory]
    [InlineData("", "The request body is empty, which is not JSON; an empty message is {}.")]
    [InlineData("hello", "The request body is not JSON at line 1, byte 1.")]
    [InlineData("{\n  \"text\": }", "The request body is not JSON at line 2, byte 11.")]
    [InlineData("{} {}", "The request body is not JSON at line 1, byte 4.")]
    [InlineData("[]", "The JSON does not fit parrot.v1.SayRequest: ")]
    [InlineData("null", "The JSON does not fit parrot.v1.SayRequest: ")]
    [InlineData("""{"text": 3}""", "The JSON at \"text\" does not fit parrot.v1.SayRequest: ")]
    [InlineData("""{"times": "many"}""", "The JSON at \"times\" does not fit parrot.v1.SayRequest: ")]
    [InlineData("""{"times": 99999999999999999999}""", "The JSON at \"times\" does not fit parrot.v1.SayRequest: ")]
    [InlineData("""{"mood": []}""", "The JSON at \"mood\" does not fit parrot.v1.SayRequest: ")]
    [InlineData("""{"text": "a", "best_feather": {"color": "red", "lengthMm": -1}}""", "The JSON at \"best_feather.lengthMm\" does not fit parrot.v1.SayRequest: ")]
    [InlineData("""{"feathers": [{}, {"color": []}]}""", "The JSON at \"feathers[1].color\" does not fit parrot.v1.SayRequest: ")]
    [InlineData("""{"feathers": {}}""", "The JSON at \"feathers\" does not fit parrot.v1.SayRequest: ")]
    [InlineData("""{"hatchedAt": "yesterday"}""", "The JSON at \"hatchedAt\" does not fit parrot.v1.SayRequest: ")]
    [InlineData("""{"seeds": {"a": "b"}}""", "The JSON at \"seeds\" does not fit parrot.v1.SayRequest: ")]
    [InlineData("""{"egg": "?"}""", "The JSON at \"egg\" does not fit parrot.v1.SayRequest: ")]
    [InlineData("""{"gift": {"@type": "type.googleapis.com/of.another.World"}}""", "The JSON at \"gift\" does not fit parrot.v1.SayRequest: ")]
    public async Task A_body_that_is_not_the_json_of_the_message_is_refused_with_the_place(string body, string sentence)
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Json(body));

        var (status, code, message) = await response.ErrorAsync();
        Assert.Equal((400, "invalid_argument"), (status, code));
        Assert.StartsWith(sentence, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_that_is_not_utf8_is_refused_with_the_place()
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Body([.. "{\"text\":\""u8, 0xff, .. "\"}"u8], "application/json"));

        Assert.Equal((400, "invalid_argument", "The request body is not UTF-8 at byte 10."), await response.ErrorAsync());
    }

    [Theory, InlineData("times"), InlineData("hatchedAt")]
    public async Task A_long_value_is_not_repeated_whole(string field)
    {
        await using var server = await ParrotServer.StartAsync();
        var value = new StringBuilder("\"x").Insert(2, "😈", 5000).Append('"');

        using var response = await server.SendAsync("1.1", Requests.Json($"{{\"{field}\":{value}}}"));

        var (status, _, message) = await response.ErrorAsync();
        Assert.Equal(400, status);
        Assert.InRange(message.Length, 1, 400);
    }

    [Fact]
    public async Task Half_a_character_in_a_message_does_not_break_the_error()
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Say = (_, _) => throw new RpcException(new Status(StatusCode.NotFound, "half \ud83d"));

        using var response = await server.SendAsync("1.1", Requests.Json("{}"));

        Assert.Equal((404, "not_found", "half \ufffd"), await response.ErrorAsync());
    }

    [Theory]
    [InlineData("""{"previous":""", "}")]
    [InlineData("[", "]")]
    public async Task Json_nested_without_end_is_refused(string open, string close)
    {
        await using var server = await ParrotServer.StartAsync();
        var json = new StringBuilder().Insert(0, open, 100_000).Append("{}").Insert(open.Length * 100_000 + 2, close, 100_000).ToString();

        using var response = await server.SendAsync("1.1", Requests.Json(json));

        var (status, code, message) = await response.ErrorAsync();
        Assert.Equal((400, "invalid_argument"), (status, code));
        Assert.StartsWith("The JSON is more than 100 levels deep at line 1, byte ", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_is_not_the_protobuf_message_is_refused()
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Body([0x0a, 0xff, 0x01], "application/proto"));

        var (status, code, message) = await response.ErrorAsync();
        Assert.Equal((400, "invalid_argument"), (status, code));
        Assert.StartsWith("The request body is not a Protobuf message of type parrot.v1.SayRequest: ", message, StringComparison.Ordinal);
    }
}
