namespace RunLogs.EndToEnd.Tests;

/// <summary>The count of what a host still holds when a test is over can fail.</summary>
public sealed class LeftoverTests
{
    private const string Unobserved = "UnobservedFailures[400]";

    [Fact]
    public async Task A_socket_a_thread_timers_and_an_unobserved_exception_that_a_plugin_leaves_behind_are_told()
    {
        await using var host = await HostProcess.StartAsync($"RunLogs:PluginDirectory={Path.Combine(AppContext.BaseDirectory, "TestPlugins")}");
        host.ExpectedErrors.Add(Unobserved);
        await Rig.PutContextAsync(host, "run1", "pod");
        using var call = Tail.Open(host, "run1");
        var port = Assert.Single(await call.ReadAllAsync()).Message.Trim();

        var left = await host.FindLeftAsync(TimeSpan.FromMilliseconds(500));
        await host.TerminateAsync();

        // Ten of the plugin's, and two of the first tail.
        Assert.Equal(["active timers: 12", $"socket TCP of port {port} to port 0", "thread 'left behind'"], left.Order(StringComparer.Ordinal));
        Assert.Contains(Unobserved, host.Output, StringComparison.Ordinal);
        Assert.Contains("nobody looks", host.Output, StringComparison.Ordinal);
    }
}
