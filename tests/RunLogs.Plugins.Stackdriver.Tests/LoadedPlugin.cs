using System.Reflection;
using McMaster.NETCore.Plugins;
using RunLogs.Abstractions;
using RunLogs.Testing;

namespace RunLogs.Plugins.Stackdriver.Tests;

/// <summary>The plugin loaded as the host loads it: its libraries remember nothing of other tests.</summary>
internal sealed class LoadedPlugin : IDisposable
{
    private static readonly string Built = Path.GetFullPath(Path.Combine(
        OutsideProcess.Clients("google"), "../../../plugins/Stackdriver", Path.GetRelativePath(Path.Combine(AppContext.BaseDirectory, "../../.."), AppContext.BaseDirectory), "RunLogs.Plugins.Stackdriver.dll"));

    private readonly PluginLoader _loader = PluginLoader.CreateFromAssemblyFile(Built, isUnloadable: true, [typeof(ILogStreamerPlugin)], config => config.LoadInMemory = true);
    private readonly Type _type;

    public LoadedPlugin()
    {
        _type = _loader.LoadDefaultAssembly().GetTypes().Single(type => type.IsPublic && type.IsAssignableTo(typeof(ILogStreamerPlugin)));
        Assert.False(_type == typeof(StackdriverPlugin), "The plugin is not isolated.");
    }

    /// <summary>Whether it is still in memory, once it is disposed.</summary>
    public WeakReference Context => new(_loader.LoadContext);

    public ILogStreamer CreateStreamer(FakeLoggingNode node) => ((ILogStreamerPlugin)Activator.CreateInstance(_type)!).Create(Some.PluginContext("Stackdriver", node.Time, node.Settings));

    /// <summary>The kind of credentials that it finds, and the address that follows from them.</summary>
    public async Task<(string Kind, Uri Endpoint)> FindCredentialsAsync(FakeLoggingNode node)
    {
        const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;
        var settings = _type.Assembly.GetType(typeof(StackdriverSettings).FullName!)!.GetMethod(nameof(StackdriverSettings.Read), Any)!
            .Invoke(null, [Some.PluginContext("Stackdriver", node.Time, node.Settings).Configuration, "default"]);
        var access = _type.Assembly.GetType(typeof(GoogleAccess).FullName!)!;
        using var found = (IDisposable)Activator.CreateInstance(access, settings, "RunLogs:Backends:Stackdriver")!;
        var task = (Task)access.GetMethod(nameof(GoogleAccess.CredentialAsync), Any)!.Invoke(found, [CancellationToken.None])!;
        await task;
        var credential = task.GetType().GetProperty("Result")!.GetValue(task)!;
        var kind = credential.GetType().GetProperty("UnderlyingCredential", Any)!.GetValue(credential)!;
        var endpoint = await (ValueTask<Uri>)access.GetMethod(nameof(GoogleAccess.EndpointAsync), Any)!.Invoke(found, [CancellationToken.None])!;
        return (kind.GetType().Name, endpoint);
    }

    public void Dispose() => _loader.Dispose();
}
