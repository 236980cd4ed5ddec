using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunLogs.Host.Contexts;
using RunLogs.Host.Tests.Contexts;

namespace RunLogs.Host.Tests.Api;

/// <summary>A client that goes away before its request is whole, and whose body says so before the server does.</summary>
public sealed partial class ClientGoneTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();

    /// <summary>Each call with a body that breaks at once, and with one that breaks after its beginning.</summary>
    public static TheoryData<string, string, bool> Calls
    {
        get
        {
            var calls = new TheoryData<string, string, bool>();
            foreach (var afterItsBeginning in new[] { false, true })
            {
                calls.Add("application/grpc", "runlogs.v1.BackendService/ListBackends", afterItsBeginning);
                calls.Add("application/grpc", "runlogs.v1.LogService/TailLogs", afterItsBeginning);
                calls.Add("application/grpc", "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo", afterItsBeginning);
                calls.Add("application/grpc-web", "flyteidl2.dataproxy.DataProxyService/TailLogs", afterItsBeginning);
                calls.Add("application/proto", "runlogs.v1.BackendService/ListBackends", afterItsBeginning);
                calls.Add("application/connect+json", "runlogs.v1.LogService/TailLogs", afterItsBeginning);
            }

            return calls;
        }
    }

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Is_no_error_of_the_hosts(string contentType, string method, bool afterItsBeginning)
    {
        var (logs, http2) = (new WrittenLogs(), contentType == "application/grpc");
        await using var app = await StartAsync(logs, http2, afterItsBeginning);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        using var request = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Content = new ByteArrayContent([]) { Headers = { ContentType = new(contentType) } },
            Version = http2 ? HttpVersion.Version20 : HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken).WaitAsync(Limit);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        await app.StopAsync(TestContext.Current.CancellationToken);
        // Nobody reads this; it shows that the call came as far as its body.
        Assert.Contains("the client is gone", Uri.UnescapeDataString($"{response.Headers} {body}"), StringComparison.Ordinal);
        Assert.DoesNotContain(logs.Text.Split('\n'), line => Alarm().IsMatch(line));
    }

    [GeneratedRegex(@"^\S* (Warning|Error|Critical) ")]
    private static partial Regex Alarm();

    // The host as it is, behind a server whose bodies break.
    private async Task<WebApplication> StartAsync(WrittenLogs logs, bool http2, bool afterItsBeginning)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = _directory.Path });
        builder.Configuration.AddInMemoryCollection(
        [
            new("RunLogs:DataDirectory", _directory.Path),
            new("RunLogs:PluginDirectory", _directory.Path),
            new("Kestrel:Endpoints:Only:Url", "http://127.0.0.1:0"),
            new("Kestrel:Endpoints:Only:Protocols", http2 ? "Http2" : "Http1"),
        ]);
        builder.Logging.ClearProviders().SetMinimumLevel(LogLevel.Debug).AddProvider(logs);
        builder.AddRunLogs();
        builder.Services.AddSingleton<IStartupFilter>(new BreakingBodies(afterItsBeginning));
        var app = builder.Build();
        await app.MigrateLogContextsAsync();
        app.MapRunLogs();
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private sealed class BreakingBodies(bool afterItsBeginning) : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((http, rest) =>
            {
                http.Features.Set<IRequestBodyPipeFeature>(new BreakingBody(afterItsBeginning));
                return rest(http);
            });
            next(app);
        };
    }

    /// <summary>What is read of a request whose client has reset it.</summary>
    private sealed class BreakingBody(bool afterItsBeginning) : PipeReader, IRequestBodyPipeFeature
    {
        private static readonly byte[] Beginning = [0];

        public PipeReader Reader => this;

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => afterItsBeginning ? new(Read()) : throw Reset();

        public override bool TryRead(out ReadResult result)
        {
            result = afterItsBeginning ? Read() : throw Reset();
            return true;
        }

        public override void AdvanceTo(SequencePosition consumed) => throw Reset();

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => throw Reset();

        public override void CancelPendingRead()
        {
        }

        public override void Complete(Exception? exception = null)
        {
        }

        private static ReadResult Read() => new(new ReadOnlySequence<byte>(Beginning), isCanceled: false, isCompleted: false);

        private static IOException Reset() => new("The client reset the request stream.");
    }
}
