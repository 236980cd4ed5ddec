using Microsoft.Extensions.Options;
using Npgsql;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Contexts;

/// <summary>Listens to what Flyte's database tells of its actions, for as long as the host runs.</summary>
internal sealed class FlyteNotifications(IOptions<RunLogsOptions> options, ActionUpdates updates, TimeProvider time, ILogger<FlyteNotifications> logger) : BackgroundService
{
    private const int KeepAliveSeconds = 30; // shows a connection that died without a word
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(15);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        options.Value.Contexts.Store == ContextsOptions.FlyteDatabase ? ListenAsync(FlyteDatabase.LocationOf(options.Value), stoppingToken) : Task.CompletedTask;

    private async Task ListenAsync(PostgresLocation location, CancellationToken stoppingToken)
    {
        var connectionString = new NpgsqlConnectionStringBuilder(location.ConnectionString) { Pooling = false, KeepAlive = KeepAliveSeconds }.ConnectionString;
        var delay = FirstDelay;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = new NpgsqlConnection(connectionString);
                await connection.OpenAsync(stoppingToken);
                connection.Notification += (_, notification) => updates.Tell(notification.Payload);
                await using (var listen = new NpgsqlCommand("LISTEN action_updates", connection))
                {
                    await listen.ExecuteNonQueryAsync(stoppingToken);
                }

                logger.FlyteHeard(location.Database, location.Host);
                delay = FirstDelay;
                updates.TellAll(); // nothing was heard until now
                while (true)
                {
                    await connection.WaitAsync(stoppingToken);
                }
            }
            catch (Exception) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is NpgsqlException or TimeoutException or InvalidOperationException)
            {
                logger.FlyteNotHeard(e, location.Database, location.Host, (long)delay.TotalSeconds);
            }

            await Task.Delay(delay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            delay = delay * 2 < LongestDelay ? delay * 2 : LongestDelay;
        }
    }
}
