using System.Net;
using Grpc.Core;

namespace RunLogs.Connect.Tests;

public sealed class UnaryTests
{
    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_protobuf_message_is_answered_with_one(string http)
    {
        await using var server = await ParrotServer.StartAsync();
        var request = new SayRequest { Text = "hello ☺", Times = 3 };

        using var response = await server.SendAsync(http, Requests.Proto(request));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/proto", response.Content.Headers.ContentType?.ToString());
        Assert.Empty(response.TrailingHeaders);
        var answer = SayResponse.Parser.ParseFrom(await response.Content.ReadAsByteArrayAsync());
        Assert.Equal(request, answer.Request);
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task A_json_message_is_answered_with_one(string http)
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync(http, Requests.Json("""
            { "text": "hello ☺", "times": "3", "mood": "MOOD_HAPPY", "best_feather": { "lengthMm": 7 },
              "hatchedAt": "2026-01-02T03:04:05.000000006Z", "seeds": { "a": 1 }, "egg": "AAE=" }
            """));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Empty(response.TrailingHeaders);
        var answer = await response.JsonAsync();
        Assert.Equal("hello ☺", answer.GetProperty("text").GetString());
        var echo = answer.GetProperty("request");
        Assert.Equal("3", echo.GetProperty("times").GetString());
        Assert.Equal("MOOD_HAPPY", echo.GetProperty("mood").GetString());
        Assert.Equal(7, echo.GetProperty("bestFeather").GetProperty("lengthMm").GetInt32());
        Assert.Equal("2026-01-02T03:04:05.000000006Z", echo.GetProperty("hatchedAt").GetString());
        Assert.Equal(1, echo.GetProperty("seeds").GetProperty("a").GetInt32());
        Assert.Equal("AAE=", echo.GetProperty("egg").GetString());
    }

    [Fact]
    public async Task An_empty_body_is_an_empty_protobuf_message()
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Say = (request, _) => Task.FromResult(new SayResponse { Text = request.CalculateSize() == 0 ? "" : "not empty" });

        using var response = await server.SendAsync("1.1", Requests.Body([], "application/proto"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(0, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Json_with_a_charset_of_utf8_is_accepted()
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Body("{}"u8.ToArray(), "application/json; charset=UTF-8"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
    }

    [Fact]
    public async Task Unknown_json_fields_are_ignored()
    {
        await using var server = await ParrotServer.StartAsync();

        using var response = await server.SendAsync("1.1", Requests.Json("""{ "text": "a", "wingspan": { "deep": [1, 2] } }"""));

        Assert.Equal("a", (await response.JsonAsync()).GetProperty("text").GetString());
    }

    [Fact]
    public async Task An_any_of_a_type_of_the_service_goes_through_json_both_ways()
    {
        await using var server = await ParrotServer.StartAsync();
        server.Mind.Say = (request, _) => Task.FromResult(new SayResponse { Text = request.Gift.Unpack<Feather>().Color, Gift = request.Gift });

        using var response = await server.SendAsync("1.1", Requests.Json(
            """{ "gift": { "@type": "type.googleapis.com/parrot.v1.Feather", "color": "red" } }"""));

        var answer = await response.JsonAsync();
        Assert.Equal("red", answer.GetProperty("text").GetString());
        Assert.Equal("red", answer.GetProperty("gift").GetProperty("color").GetString());
    }

    [Theory, InlineData("1.1"), InlineData("2.0")]
    public async Task Metadata_goes_both_ways_and_trailers_come_as_prefixed_headers(string http)
    {
        await using var server = await ParrotServer.StartAsync();
        Metadata? seen = null;
        server.Mind.Say = async (_, context) =>
        {
            seen = context.RequestHeaders;
            await context.WriteResponseHeadersAsync(new Metadata { { "x-lead", "1" }, { "x-lead", "2" }, { "x-lead-bin", [1] } });
            context.ResponseTrailers.Add("x-tail", "3");
            context.ResponseTrailers.Add("x-tail-bin", [2]);
            return new SayResponse();
        };

        using var response = await server.SendAsync(http,
            Requests.Json("{}").With("x-ask", "a").With("x-ask", "b").With("x-ask-bin", "AQ").With("Connect-Protocol-Version", "1"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(["a", "b"], seen!.GetValue("x-ask")!.Split(',', StringSplitOptions.TrimEntries));
        Assert.Equal([1], seen.GetValueBytes("x-ask-bin")!);
        Assert.Equal(["1", "2"], response.Headers.GetValues("x-lead"));
        Assert.Equal("AQ", response.Header("x-lead-bin"));
        Assert.Equal("3", response.Header("trailer-x-tail"));
        Assert.Equal("Ag", response.Header("trailer-x-tail-bin"));
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase));
        Assert.DoesNotContain(response.Headers, header => header.Key.StartsWith("x-tail", StringComparison.OrdinalIgnoreCase));
        Assert.Empty(response.TrailingHeaders);
    }

    [Fact]
    public async Task One_connection_serves_many_calls()
    {
        await using var server = await ParrotServer.StartAsync();
        using var client = server.Client("1.1");

        for (var i = 0; i < 20; i++)
        {
            using var response = await client.SendAsync(Requests.Over(client, Requests.Json(i % 2 == 0 ? "{}" : "{")));

            Assert.Equal(i % 2 == 0 ? HttpStatusCode.OK : HttpStatusCode.BadRequest, response.StatusCode);
        }
    }
}
