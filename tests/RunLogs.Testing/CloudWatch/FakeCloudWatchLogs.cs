using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace RunLogs.Testing.CloudWatch;

/// <summary>CloudWatch Logs' JSON protocol over log groups in memory; the AWS CLI and the JavaScript SDK agree with it.</summary>
public sealed class FakeCloudWatchLogs : IAsyncDisposable
{
    public const string Region = "eu-central-1";
    public const string AccessKey = "AKIDEXAMPLE";
    public const string SecretKey = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

    private readonly Lock _lock = new();
    private readonly WebApplication _server;
    private readonly TimeProvider _time;
    private readonly Dictionary<string, FakeLogGroup> _groups = [];
    private readonly Dictionary<string, (string Secret, string? Token)> _keys = new() { [AccessKey] = (SecretKey, null) };
    private readonly List<FakeCall> _calls = [];
    private readonly Dictionary<string, DateTimeOffset> _tokens = [];

    private FakeCloudWatchLogs(TimeProvider time)
    {
        _time = time;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.AddServerHeader = false;
        });
        _server = builder.Build();
        _server.Run(AnswerAsync);
    }

    public string Url { get; private set; } = "";

    /// <summary>How far this server's clock is ahead.</summary>
    public TimeSpan ClockSkew { get; set; }

    /// <summary>How long page tokens are taken back.</summary>
    public TimeSpan TokenLifetime { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Looks at every call first: throws an error, or answers itself and returns true.</summary>
    public Func<FakeCall, Task<bool>>? Before { get; set; }

    /// <summary>Told of every request, whether signed well or not.</summary>
    public Action? Seen { get; set; }

    /// <summary>Every call that was signed well, in order of arrival.</summary>
    public IReadOnlyList<FakeCall> Calls => Locked(() => _calls.ToArray());

    public static async Task<FakeCloudWatchLogs> StartAsync(TimeProvider time)
    {
        var fake = new FakeCloudWatchLogs(time);
        await fake._server.StartAsync();
        fake.Url = fake._server.Urls.Single();
        return fake;
    }

    public void AddKey(string accessKey, string secret, string? token) => Locked(() => _keys[accessKey] = (secret, token));

    public FakeLogGroup CreateGroup(string name, string logClass = "STANDARD") => Locked(() => _groups[name] = new FakeLogGroup(name, logClass));

    public FakeLogGroup Group(string name) => Locked(() => _groups.TryGetValue(name, out var group) ? group : throw FakeServiceException.Missing("log group"));

    /// <summary>Puts events into a stream, which is made if it is not there.</summary>
    public void Put(string group, string stream, params IEnumerable<(long Timestamp, string Message)> events) => Locked(() =>
    {
        var now = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var target = _groups[group];
        if (!target.Has(stream))
            target.CreateStream(stream, now);

        foreach (var (timestamp, message) in events)
            target.Put(stream, timestamp, message, now);

        return 0;
    });

    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(FakeNode.Patience);
        await _server.StopAsync(limit.Token);
        await _server.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        using var buffer = new MemoryStream();
        await http.Request.Body.CopyToAsync(buffer, http.RequestAborted);
        Seen?.Invoke();
        var now = _time.GetUtcNow() + ClockSkew;
        http.Response.Headers.Date = now.ToString("r", CultureInfo.InvariantCulture);
        http.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        try
        {
            FakeSignature.Verify(http.Request, buffer.ToArray(), key => Locked(() => _keys.TryGetValue(key, out var found) ? found : ((string, string?)?)null), Region, now);
            var operation = http.Request.Headers["X-Amz-Target"].ToString();
            if (!operation.StartsWith("Logs_20140328.", StringComparison.Ordinal) || JsonNode.Parse(buffer.ToArray()) is not JsonObject request)
                throw new FakeServiceException("UnknownOperationException", "");

            var call = new FakeCall(operation[(operation.IndexOf('.', StringComparison.Ordinal) + 1)..], request, _time.GetUtcNow()) { Http = http, Body = Encoding.UTF8.GetString(buffer.ToArray()) };
            Locked(() =>
            {
                _calls.Add(call);
                return 0;
            });
            if (Before is { } before && await before(call))
                return;

            await WriteAsync(http, 200, Locked(() => Answer(call)));
        }
        catch (FakeServiceException error)
        {
            await WriteAsync(http, error.Status, new JsonObject { ["__type"] = $"com.amazonaws.logs#{error.Code}", ["message"] = error.Message });
        }
    }

    private static async Task WriteAsync(HttpContext http, int status, JsonObject body)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/x-amz-json-1.1";
        await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body.ToJsonString()), http.RequestAborted);
    }

    private JsonObject Answer(FakeCall call) => call.Operation switch
    {
        "GetLogEvents" => GetLogEvents(call.Request),
        "FilterLogEvents" => FilterLogEvents(call.Request),
        "DescribeLogStreams" => DescribeLogStreams(call.Request),
        "DescribeLogGroups" => DescribeLogGroups(call.Request),
        "CreateLogGroup" => CreateLogGroup(call.Request),
        "CreateLogStream" => CreateLogStream(call.Request),
        "PutLogEvents" => PutLogEvents(call.Request),
        _ => throw new FakeServiceException("UnknownOperationException", ""),
    };

    private JsonObject GetLogEvents(JsonObject request)
    {
        var group = ReadableGroup(request, "GetLogEvents");
        var (events, forward, backward) = group.Get((string)request["logStreamName"]!, (long?)request["startTime"] ?? 0, (long?)request["endTime"] ?? long.MaxValue, Token(request),
            Limit(request, 10_000), (bool?)request["startFromHead"] ?? false);
        return new JsonObject
        {
            ["events"] = new JsonArray([.. events.Select(e => new JsonObject { ["timestamp"] = e.Timestamp, ["message"] = e.Message, ["ingestionTime"] = e.IngestionTime })]),
            ["nextForwardToken"] = Issue(forward),
            ["nextBackwardToken"] = Issue(backward),
        };
    }

    private JsonObject FilterLogEvents(JsonObject request)
    {
        var group = ReadableGroup(request, "FilterLogEvents");
        var names = request["logStreamNames"]?.AsArray().Select(name => (string)name!).ToHashSet();
        var prefix = (string?)request["logStreamNamePrefix"];
        if (names is not null && prefix is not null)
            throw FakeServiceException.Invalid("logStreamNames and logStreamNamePrefix may not both be given.");

        var to = (long?)request["endTime"] is { } end ? end + 1 : long.MaxValue;
        var (events, next) = group.Filter(stream => (names?.Contains(stream) ?? true) && (prefix is null || stream.StartsWith(prefix, StringComparison.Ordinal)),
            FakePattern.Parse((string?)request["filterPattern"]), (long?)request["startTime"] ?? 0, to, Token(request), Limit(request, 10_000));
        var response = new JsonObject
        {
            ["events"] = new JsonArray([.. events.Select(e => new JsonObject
            {
                ["logStreamName"] = e.Stream,
                ["timestamp"] = e.Timestamp,
                ["message"] = e.Message,
                ["ingestionTime"] = e.IngestionTime,
                ["eventId"] = e.Number.ToString("D56", CultureInfo.InvariantCulture),
            })]),
            ["searchedLogStreams"] = new JsonArray(),
        };
        if (next is not null)
            response["nextToken"] = Issue(next);

        return response;
    }

    private JsonObject DescribeLogStreams(JsonObject request)
    {
        var prefix = (string?)request["logStreamNamePrefix"];
        if (prefix is not null && (string?)request["orderBy"] == "LastEventTime")
            throw FakeServiceException.Invalid("Cannot order by LastEventTime with a logStreamNamePrefix.");

        var after = Token(request);
        var limit = Limit(request, 50);
        var group = Group(request);
        var found = group.Streams.Where(s => (prefix is null || s.Name.StartsWith(prefix, StringComparison.Ordinal)) && (after is null || string.CompareOrdinal(s.Name, after) > 0))
            .OrderBy(s => (string?)request["orderBy"] == "LastEventTime" ? s.Last?.Timestamp ?? 0 : 0).Take(limit + 1).ToList();
        if ((bool?)request["descending"] == true)
            found.Reverse();

        var response = new JsonObject
        {
            ["logStreams"] = new JsonArray([.. found.Take(limit).Select(s => new JsonObject
            {
                ["logStreamName"] = s.Name,
                ["creationTime"] = s.Created,
                ["firstEventTimestamp"] = s.First?.Timestamp,
                ["lastEventTimestamp"] = s.Last?.Timestamp,
                ["lastIngestionTime"] = s.Last?.IngestionTime,
                ["arn"] = $"{group.Arn}:log-stream:{s.Name}",
                ["storedBytes"] = 0,
            })]),
        };
        if (found.Count > limit)
            response["nextToken"] = Issue(found[limit - 1].Name);

        return response;
    }

    private JsonObject DescribeLogGroups(JsonObject request) => new()
    {
        ["logGroups"] = new JsonArray([.. _groups.Values.Where(group => group.Name.StartsWith((string?)request["logGroupNamePrefix"] ?? "", StringComparison.Ordinal)).OrderBy(group => group.Name, StringComparer.Ordinal)
            .Select(group => new JsonObject { ["logGroupName"] = group.Name, ["arn"] = group.Arn + ":*", ["logGroupArn"] = group.Arn, ["logGroupClass"] = group.LogClass, ["creationTime"] = 0, ["storedBytes"] = 0, ["metricFilterCount"] = 0 })]),
    };

    private JsonObject CreateLogGroup(JsonObject request)
    {
        var name = (string)request["logGroupName"]!;
        return _groups.TryAdd(name, new FakeLogGroup(name, (string?)request["logGroupClass"] ?? "STANDARD"))
            ? [] : throw new FakeServiceException("ResourceAlreadyExistsException", "The specified log group already exists");
    }

    private JsonObject CreateLogStream(JsonObject request)
    {
        Group(request).CreateStream((string)request["logStreamName"]!, _time.GetUtcNow().ToUnixTimeMilliseconds());
        return [];
    }

    private JsonObject PutLogEvents(JsonObject request)
    {
        foreach (var entry in request["logEvents"]!.AsArray())
            Group(request).Put((string)request["logStreamName"]!, (long)entry!["timestamp"]!, (string)entry["message"]!, _time.GetUtcNow().ToUnixTimeMilliseconds());

        return new JsonObject { ["nextSequenceToken"] = new string('0', 56) };
    }

    private FakeLogGroup ReadableGroup(JsonObject request, string operation)
    {
        var group = Group(request);
        return group.LogClass == "STANDARD" ? group
            : throw new FakeServiceException("InvalidOperationException", $"{operation} is not supported for log groups of the {group.LogClass} log class.");
    }

    private FakeLogGroup Group(JsonObject request)
    {
        var (name, identifier) = ((string?)request["logGroupName"], (string?)request["logGroupIdentifier"]);
        if (name is null == identifier is null)
            throw FakeServiceException.Invalid("Exactly one of logGroupName and logGroupIdentifier must be given.");

        return _groups.Values.FirstOrDefault(group => group.Name == (name ?? identifier) || group.Arn == identifier) ?? throw FakeServiceException.Missing("log group");
    }

    private static int Limit(JsonObject request, int most) => (int?)request["limit"] is not { } limit ? most
        : limit >= 1 && limit <= most ? limit : throw FakeServiceException.Invalid($"1 validation error detected: Value '{limit}' at 'limit' failed to satisfy constraint");

    private string Issue(string token)
    {
        _tokens[token] = _time.GetUtcNow();
        return token;
    }

    private string? Token(JsonObject request) => (string?)request["nextToken"] is not { } token ? null
        : _tokens.TryGetValue(token, out var issued) && _time.GetUtcNow() - issued <= TokenLifetime ? token : throw FakeServiceException.Invalid("The specified nextToken is invalid.");

    private T Locked<T>(Func<T> action)
    {
        lock (_lock)
        {
            return action();
        }
    }
}
