using System.Globalization;
using Dapper;
using Npgsql;
using RunLogs.Testing.Postgres;

namespace RunLogs.Host.Tests.Contexts;

/// <summary>One PostgreSQL for all tests that need one; each gets a database of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly SemaphoreSlim _starting = new(1);
    private PostgresServer? _server;
    private int _databases;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        _starting.Dispose();
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }

    /// <summary>What opens a new, empty database.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        PostgresServer.Require();
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _server ??= await PostgresServer.StartAsync();
        }
        finally
        {
            _starting.Release();
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"test{Interlocked.Increment(ref _databases)}");
        await using var connection = new NpgsqlConnection(_server.ConnectionString() + ";Pooling=false");
        await connection.ExecuteAsync($"CREATE DATABASE {name}");
        return _server.ConnectionString(name);
    }
}
