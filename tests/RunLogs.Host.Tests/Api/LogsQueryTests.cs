using Microsoft.AspNetCore.Http;
using RunLogs.Abstractions;
using RunLogs.Host.Api.Http;
using RunLogs.Host.Contexts;
using RunLogs.Host.Cursors;
using RunLogs.Host.Tailing;
using RunLogs.Protos.Flyte.Common;

namespace RunLogs.Host.Tests.Api;

public sealed class LogsQueryTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(20_000);

    [Fact]
    public void Everything_a_query_can_say_is_understood()
    {
        var query = Parse("?org=acme&follow=true&tail=20&since=10m&container=side&timestamps&notices=false", "3");

        Assert.Equal(("acme", 3u, true, 20L, "side", true, false), (query.Org, query.Attempt, query.Follow, query.TailLines, query.Container, query.Timestamps, query.Notices));
        Assert.Equal(LogTimestamp.From(Now.AddMinutes(-10)), query.Since);
    }

    [Fact]
    public void Nothing_asked_means_the_whole_log_without_following()
    {
        var tail = Parse("", "0").ToTail(new ActionIdentifier());

        Assert.Equal((FollowMode.Never, null, null, null), (tail.Follow, tail.TailLines, tail.Since, tail.Cursor));
        Assert.Same(ContainerSelection.Primary, tail.Containers);
    }

    [Theory]
    [InlineData("?tail=-1", "1", "tail '-1'")]
    [InlineData("?tail=ten", "1", "tail 'ten'")]
    [InlineData("?tail=99999999999999999999", "1", "tail '99999999999999999999'")]
    [InlineData("?since=yesterday", "1", "since 'yesterday'")]
    [InlineData("?since=99999999999d", "1", "since '99999999999d'")]
    [InlineData("?since=m", "1", "since 'm'")]
    [InlineData("?follow=maybe", "1", "follow 'maybe'")]
    [InlineData("?tail=1&tail=2", "1", "tail is given 2 times")]
    [InlineData("?cursor=abc", "1", "cursor is none that RunLogs gave")]
    [InlineData("", "latest", "the attempt 'latest'")]
    [InlineData("", "4294967296", "the attempt '4294967296'")]
    [InlineData("?tail=%0A%1B[31m", "1", "tail '??[31m'")]
    public void A_fault_is_a_sentence_that_names_the_parameter(string query, string attempt, string sentence)
    {
        var failure = Assert.Throws<TailFailedException>(() => Parse(query, attempt));

        Assert.Contains(sentence, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_is_told_at_once()
    {
        var failure = Assert.Throws<TailFailedException>(() => Parse("?tail=x&since=y&follow=z", "w"));

        Assert.All(["attempt 'w'", "tail 'x'", "since 'y'", "follow 'z'"], part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
    }

    private static LogsQuery Parse(string query, string attempt)
    {
        var http = new DefaultHttpContext();
        http.Request.QueryString = new QueryString(query);
        return LogsQuery.Parse(http.Request, attempt, new CursorSeal(new CursorKeys([new string('k', 32)])), Now);
    }
}
