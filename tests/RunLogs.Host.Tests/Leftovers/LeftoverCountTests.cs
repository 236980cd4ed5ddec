using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using RunLogs.Host.Tests.Plugins;
using RunLogs.Testing.Leftovers;

namespace RunLogs.Host.Tests.Leftovers;

/// <summary>The count of what tests leave behind can fail: each test leaves something on purpose.</summary>
[Collection(nameof(WholeProcess))]
public sealed class LeftoverCountTests(LeftoverCount ofTheAssembly)
{
    [Fact]
    public async Task A_socket_that_is_left_open_is_named()
    {
        var count = await BeginAsync();
        using var left = new TcpListener(IPAddress.Loopback, 0);
        left.Start();

        Assert.Equal($"socket TCP of port {((IPEndPoint)left.LocalEndpoint).Port} to port 0", Assert.Single(await count.FindAsync()));

        left.Stop();
        await count.DisposeAsync();
    }

    [Fact]
    public async Task A_thread_that_goes_on_is_named()
    {
        var count = await BeginAsync();
        using var end = new ManualResetEventSlim();
        new Thread(() => end.Wait(TimeSpan.FromSeconds(10))) { Name = "left behind" }.Start();

        Assert.Equal("thread 'left behind'", Assert.Single(await count.FindAsync()));

        end.Set();
        await count.DisposeAsync();
    }

    [Fact]
    public async Task Timers_that_go_on_are_counted()
    {
        var count = await BeginAsync();
        var left = new Timer(_ => { }, null, TimeSpan.FromHours(1), TimeSpan.FromHours(1));

        Assert.StartsWith($"active timers: 1 of {typeof(LeftoverCountTests)}", Assert.Single(await count.FindAsync()), StringComparison.Ordinal);

        await left.DisposeAsync();
        await count.DisposeAsync();
    }

    [Fact]
    public void An_exception_that_nobody_observed_is_told()
    {
        Assert.Empty(ofTheAssembly.TakeUnobserved());

        FailUnobserved();

        Assert.Contains("nobody looks", Assert.Single(ofTheAssembly.TakeUnobserved()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_run_fails_with_a_sentence()
    {
        var count = await BeginAsync();
        using var left = new TcpListener(IPAddress.Loopback, 0);
        left.Start();

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => count.DisposeAsync().AsTask());

        Assert.Equal($"The tests left behind: socket TCP of port {((IPEndPoint)left.LocalEndpoint).Port} to port 0.", failure.Message);
    }

    // Whatever the tests before are about to let go of has gone.
    private async Task<LeftoverCount> BeginAsync()
    {
        Assert.Empty(await ofTheAssembly.FindAsync());
        return new LeftoverCount { Patience = TimeSpan.FromMilliseconds(500) };
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FailUnobserved() => Task.FromException(new InvalidOperationException("nobody looks")).GetHashCode();
}
