using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RunLogs.Host.Contexts;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Tests.Contexts;

public sealed class SqliteMigrationsTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task An_empty_directory_gets_a_database_with_a_write_ahead_log()
    {
        var directory = Path.Combine(_directory.Path, "not", "there", "yet");

        using var host = await ContextsHost.StartAsync(directory);

        Assert.Equal(Path.Combine(directory, "runlogs.db"), host.File);
        await using var connection = host.OpenBeside();
        Assert.Equal("wal", await connection.ExecuteScalarAsync<string>("PRAGMA journal_mode"));
        Assert.Equal(
            ["Contexts/Migrations/0001-log-contexts.sql", "Contexts/Migrations/0002-container-facts.sql", "Contexts/Migrations/0003-container-facts-by-age.sql"],
            await connection.QueryAsync<string>("SELECT ScriptName FROM SchemaVersions"));
    }

    [Fact]
    public async Task A_migrated_database_is_left_as_it_is()
    {
        using (var first = await ContextsHost.StartAsync(_directory.Path))
        {
            await first.Store.PutAsync(Some.Record(), CancellationToken.None);
        }

        using var second = await ContextsHost.StartAsync(_directory.Path);
        await second.MigrateAsync();

        await using var connection = second.OpenBeside();
        Assert.Equal(3, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM SchemaVersions"));
        Assert.Equal(1, await connection.ExecuteScalarAsync<long>("SELECT count(*) FROM log_contexts"));
    }

    [Fact]
    public async Task A_failing_script_stops_the_start_and_names_the_file_and_itself()
    {
        using var host = ContextsHost.On(_directory.Path);
        await using (var connection = new SqliteConnection($"Data Source={host.File};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await connection.ExecuteAsync("CREATE TABLE log_contexts (mine TEXT)");
        }

        var e = await Assert.ThrowsAsync<ContextException>(host.MigrateAsync);

        Assert.Equal(
            $"The context database {host.File} cannot be migrated: script 0001-log-contexts.sql: SQLite Error 1: 'table log_contexts already exists'. "
            + "Restore the file from a copy, or name another with RunLogs:DataDirectory.", e.Message);
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_stops_the_start_and_names_the_setting()
    {
        var file = Path.Combine(_directory.Path, "file");
        await File.WriteAllTextAsync(file, "", TestContext.Current.CancellationToken);
        using var host = ContextsHost.On(Path.Combine(file, "data"));

        var e = await Assert.ThrowsAsync<ContextException>(host.MigrateAsync);

        Assert.StartsWith($"The context database {file}/data/runlogs.db cannot be written: ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("Set RunLogs:DataDirectory to a place that the host may write to.", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_no_database_stops_the_start_and_names_the_setting_it_came_from()
    {
        var file = Path.Combine(_directory.Path, "notes.txt");
        await File.WriteAllTextAsync(file, string.Join('\n', Enumerable.Repeat("This is no database.", 100)), TestContext.Current.CancellationToken);
        using var host = ContextsHost.On(_directory.Path, options => options.Contexts.ConnectionString = $"Data Source={file}");

        var e = await Assert.ThrowsAsync<ContextException>(host.MigrateAsync);

        Assert.Equal(
            $"The context database {file} cannot be written: SQLite Error 26: 'file is not a database'. "
            + "Set RunLogs:Contexts:ConnectionString to a place that the host may write to.", e.Message);
    }

    [Fact]
    public void Relative_paths_begin_beside_the_host()
    {
        var byDirectory = SqliteLocation.Of(new RunLogsOptions { DataDirectory = "data" });
        var byConnectionString = SqliteLocation.Of(new RunLogsOptions { Contexts = { ConnectionString = "Data Source=other/my.db" } });

        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "data", "runlogs.db"), byDirectory.Path);
        Assert.Equal(Path.Combine(AppContext.BaseDirectory, "other", "my.db"), byConnectionString.Path);
    }

    [Theory]
    [InlineData("Data Source=x.db", 5)]
    [InlineData("Data Source=x.db;Default Timeout=2", 2)]
    [InlineData("Data Source=x.db;Default Timeout=0", 1)]
    [InlineData("Data Source=x.db;Default Timeout=99999", 60)]
    public void Every_wait_is_bounded(string connectionString, int seconds)
    {
        var location = SqliteLocation.Of(new RunLogsOptions { Contexts = { ConnectionString = connectionString } });

        Assert.Equal(TimeSpan.FromSeconds(seconds), location.Patience);
        Assert.Equal(seconds, new SqliteConnectionStringBuilder(location.ConnectionString).DefaultTimeout);
    }

    [Theory]
    [InlineData(":memory:")]
    [InlineData("Data Source=:memory:")]
    [InlineData("Data Source=x;Mode=Memory")]
    [InlineData("Data Source=file:x?mode=memory")]
    [InlineData("Password=hunter2")]
    [InlineData("Host=db;Password=hunter2")]
    [InlineData("Data Source=x;Default Timeout=hunter2")]
    [InlineData("Data Source=x;Mode=hunter2")]
    public void A_connection_string_without_a_file_is_refused_and_not_repeated(string connectionString)
    {
        using var host = ContextsHost.On(_directory.Path, options => options.Contexts.ConnectionString = connectionString);

        var e = Assert.Throws<OptionsValidationException>(() => host.Get<IOptions<RunLogsOptions>>().Value);

        Assert.StartsWith("RunLogs:Contexts:ConnectionString ", e.Message, StringComparison.Ordinal);
        Assert.EndsWith("give it as \"Data Source=<path>\".", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_fault_of_the_settings_is_named_at_once()
    {
        using var host = ContextsHost.On(_directory.Path, options => options.Contexts = new ContextsOptions { ConnectionString = "Data Source=:memory:", OwnConnectionString = "Host=db;Password=hunter2" });

        var e = Assert.Throws<OptionsValidationException>(() => host.Get<IOptions<RunLogsOptions>>().Value);

        Assert.Contains("RunLogs:Contexts:OwnConnectionString is for contexts of Flyte: the store Sqlite keeps everything where RunLogs:Contexts:ConnectionString says. Leave it out.", e.Message, StringComparison.Ordinal);
        Assert.Contains("RunLogs:Contexts:ConnectionString names no file", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Readiness_follows_the_database()
    {
        using var host = await ContextsHost.StartAsync(_directory.Path);
        var health = host.Get<HealthCheckService>();
        var before = await health.CheckHealthAsync(TestContext.Current.CancellationToken);
        await using (var beside = host.OpenBeside())
        {
            await beside.ExecuteAsync("DROP TABLE log_contexts");
        }

        var after = await health.CheckHealthAsync(TestContext.Current.CancellationToken);

        Assert.Equal(HealthStatus.Healthy, before.Entries["contexts"].Status);
        Assert.Equal(HealthStatus.Unhealthy, after.Entries["contexts"].Status);
        Assert.Equal("The context database runlogs.db cannot be read: SQLite Error 1: 'no such table: log_contexts'.", after.Entries["contexts"].Description);
    }
}
