using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using Npgsql;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;
using RunLogs.Testing.Postgres;

namespace RunLogs.Host.Tests.Contexts;

/// <summary>A PostgreSQL that goes away and comes back, and settings that do not reach one.</summary>
public sealed class PostgresOutageTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_database_that_is_killed_under_load_is_unavailable_in_a_sentence_and_used_again_when_it_is_back()
    {
        PostgresServer.Require();
        await using var server = await PostgresServer.StartAsync();
        await using var host = await StartAsync(server.ConnectionString());
        await host.Store.PutAsync(Some.Record(), CancellationToken.None);
        using var stop = new CancellationTokenSource();
        var faults = new List<ContextException>();
        var running = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var broken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var load = Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                try
                {
                    await host.Store.PutAsync(Some.Record(run: $"run{worker}-{i % 10}"), CancellationToken.None);
                    Assert.NotNull(await host.Store.FindAsync(Some.Action().ToAttempt(1), CancellationToken.None));
                    running.TrySetResult();
                }
                catch (ContextException e)
                {
                    lock (faults)
                    {
                        faults.Add(e);
                    }

                    broken.TrySetResult();
                }
            }
        })).ToList();

        await running.Task.WaitAsync(Limit);
        await server.KillAsync();
        await broken.Task.WaitAsync(Limit);
        var down = await CheckAsync(host);
        await server.RunAsync();
        await stop.CancelAsync();
        await Task.WhenAll(load).WaitAsync(Limit);

        Assert.Equal(Some.Record(), await host.Store.FindAsync(Some.Action().ToAttempt(1), CancellationToken.None));
        await host.Store.PutAsync(Some.Record(run: "after"), CancellationToken.None);
        Assert.Equal(HealthStatus.Unhealthy, down.Status);
        Assert.Equal(HealthStatus.Healthy, (await CheckAsync(host)).Status);
        Assert.All(faults, fault => Assert.Equal(ContextError.Unavailable, fault.Error));
        Assert.All(faults, fault => Assert.Matches("^The context database postgres cannot be (read|written): .+\\. Try again\\.$", fault.Message));
        AssertNoSecret(host, [.. faults.Select(fault => fault.ToString())]);
    }

    [Fact]
    public async Task A_read_takes_no_notice_of_a_restart_between_two_calls()
    {
        PostgresServer.Require();
        await using var server = await PostgresServer.StartAsync();
        await using var host = await StartAsync(server.ConnectionString());
        await host.Store.PutAsync(Some.Record(), CancellationToken.None);

        await server.KillAsync();
        await server.RunAsync();

        Assert.NotNull(await host.Store.FindAsync(Some.Action().ToAttempt(1), CancellationToken.None));
    }

    [Fact]
    public async Task A_wrong_password_stops_the_start_and_is_repeated_nowhere()
    {
        PostgresServer.Require();
        await using var server = await PostgresServer.StartAsync();
        await using var host = On(server.ConnectionString().Replace("hunter2", "hunter3", StringComparison.Ordinal));

        var e = await Assert.ThrowsAsync<ContextException>(host.MigrateAsync);

        Assert.StartsWith("The context database postgres cannot be written: password authentication failed for user \"postgres\". Correct RunLogs:Contexts:ConnectionString.", e.Message, StringComparison.Ordinal);
        AssertNoSecret(host, e.ToString());
    }

    [Fact]
    public async Task A_server_that_is_not_there_stops_the_start_in_a_sentence()
    {
        await using var host = On("Host=127.0.0.1;Port=1;Database=runlogs;Username=u;Password=hunter2");

        var e = await Assert.ThrowsAsync<ContextException>(host.MigrateAsync).WaitAsync(Limit, TestContext.Current.CancellationToken);

        Assert.StartsWith("The context database runlogs cannot be written: Connection refused. Try again.", e.Message, StringComparison.Ordinal);
        AssertNoSecret(host, e.ToString());
    }

    [Theory]
    [InlineData("", "names no server")]
    [InlineData("Host=db;Password=hunter2", "names no database")]
    [InlineData("Data Source=x.db;hunter2", "is not a connection string of PostgreSQL")]
    [InlineData("Host=db;Database=d;Port=hunter2", "is not a connection string of PostgreSQL")]
    [InlineData("Host=db;Database=d;Nonsense=hunter2", "is not a connection string of PostgreSQL")]
    [InlineData("postgres://u:hunter2@db/d", "is not a connection string of PostgreSQL")]
    public async Task A_connection_string_that_cannot_work_is_refused_and_not_repeated(string connectionString, string fault)
    {
        await using var host = On(connectionString);

        var e = Assert.Throws<OptionsValidationException>(() => host.Get<IOptions<RunLogsOptions>>().Value);

        Assert.StartsWith($"RunLogs:Contexts:ConnectionString {fault}: give it as \"Host=<server>;Database=<name>;", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter", e.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 5, 5, 10)]
    [InlineData(";Timeout=0;Command Timeout=0", 1, 1, 10)]
    [InlineData(";Timeout=900;Command Timeout=900;Maximum Pool Size=40", 60, 60, 40)]
    public void Every_wait_is_bounded(string more, int connect, int command, int connections)
    {
        var location = PostgresLocation.Of("Host=db;Database=d;Password=hunter2" + more, "Key");

        var builder = new NpgsqlConnectionStringBuilder(location.ConnectionString);
        Assert.Equal((connect, command, connections), (builder.Timeout, builder.CommandTimeout, builder.MaxPoolSize));
        Assert.Equal("d on db", $"{location}");
    }

    private static async Task<HealthReportEntry> CheckAsync(ContextsHost host) =>
        (await host.Get<HealthCheckService>().CheckHealthAsync(TestContext.Current.CancellationToken)).Entries["contexts"];

    private static void AssertNoSecret(ContextsHost host, params string[] texts) =>
        Assert.All(texts.Append(host.Logs.Text), text => Assert.DoesNotContain("hunter", text, StringComparison.Ordinal));

    private ContextsHost On(string connectionString) =>
        ContextsHost.On(_directory.Path, options => options.Contexts = new ContextsOptions { Store = ContextsOptions.Postgres, ConnectionString = connectionString });

    private async Task<ContextsHost> StartAsync(string connectionString)
    {
        var host = On(connectionString);
        await host.MigrateAsync();
        return host;
    }
}
