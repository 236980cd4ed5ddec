using System.Collections.Frozen;
using System.Reflection;
using System.Runtime.Loader;
using McMaster.NETCore.Plugins;
using RunLogs.Abstractions;

namespace RunLogs.Host.Plugins;

/// <summary>A plugin loaded from its folder into a context of its own, which it shares nothing with but the abstractions.</summary>
internal sealed class IsolatedPlugin(string name, string mainAssembly) : IDisposable
{
    // What the abstractions reach must be the host's own, or the two sides speak of different types.
    private static readonly FrozenDictionary<string, Version> Shared = SharedAssemblies();

    // In memory: a dll that is mapped and then truncated kills the host.
    private readonly PluginLoader _loader = PluginLoader.CreateFromAssemblyFile(
        mainAssembly, isUnloadable: true, [typeof(ILogStreamerPlugin)], config => config.LoadInMemory = true);

    /// <summary>Loads the main assembly and makes its entry point.</summary>
    public ILogStreamerPlugin Open()
    {
        var main = _loader.LoadDefaultAssembly();
        LoadAllOf(main);
        var types = TypesOf(main);
        var implementations = types.Where(type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(ILogStreamerPlugin))).ToList();
        var constructors = implementations.Where(type => type.IsVisible).Select(type => type.GetConstructor(Type.EmptyTypes)).OfType<ConstructorInfo>().ToList();
        if (constructors.Count == 1)
        {
            return (ILogStreamerPlugin)constructors[0].Invoke(BindingFlags.DoNotWrapExceptions, binder: null, parameters: null, culture: null);
        }

        var names = string.Join(", ", implementations.Select(type => type.FullName).Order(StringComparer.Ordinal));
        throw new PluginRefusedException(BackendState.Malfunctioned, (constructors.Count, implementations.Count) switch
        {
            (0, 0) => $"Plugin {name} has no entry point: no class in {Path.GetFileName(mainAssembly)} implements {nameof(ILogStreamerPlugin)}.",
            (0, _) => $"Plugin {name} has no entry point: {names} must be public and have a public constructor without parameters.",
            _ => $"Plugin {name} has more than one entry point: {names}; keep one public class that implements {nameof(ILogStreamerPlugin)}.",
        });
    }

    /// <summary>Refuses a plugin whose context came to hold an assembly that is the host's to give.</summary>
    public void RequireIsolation(Exception? symptom = null)
    {
        foreach (var own in _loader.LoadContext.Assemblies.Select(assembly => assembly.GetName()))
        {
            if (Shared.TryGetValue(own.Name!, out var hosts))
            {
                throw new PluginRefusedException(BackendState.Malfunctioned,
                    $"Plugin {name} brings its own copy of {own.Name}; build it with Private=false. It has {own.Version}, this host {hosts}.", symptom);
            }
        }
    }

    /// <summary>Alive for as long as anything holds the plugin's code.</summary>
    public WeakReference Watch() => new(_loader.LoadContext);

    public void Dispose() => _loader.Dispose();

    // Now and not when first called: by then the folder may hold the next version's files, or none.
    private void LoadAllOf(Assembly main)
    {
        var known = new HashSet<string>(Shared.Keys, StringComparer.Ordinal);
        var open = new Queue<Assembly>([main]);
        while (open.TryDequeue(out var assembly))
        {
            foreach (var reference in assembly.GetReferencedAssemblies().Where(reference => known.Add(reference.Name!)))
            {
                try
                {
                    var loaded = _loader.LoadContext.LoadFromAssemblyName(reference);
                    if (AssemblyLoadContext.GetLoadContext(loaded) == _loader.LoadContext)
                    {
                        open.Enqueue(loaded);
                    }
                }
                catch (Exception e) when (e is FileNotFoundException or FileLoadException)
                {
                    // Not every reference is for this runtime: whether it is missed shows in the types, or when it is called.
                }
                catch (BadImageFormatException e)
                {
                    throw new PluginRefusedException(BackendState.Malfunctioned, $"{reference.Name}.dll of plugin {name} is not a whole .NET assembly: copy it again.", e);
                }
            }
        }
    }

    private Type[] TypesOf(Assembly assembly)
    {
        try
        {
            var types = assembly.GetTypes();
            RequireIsolation();
            return types;
        }
        catch (ReflectionTypeLoadException e)
        {
            RequireIsolation(e);
            throw new PluginRefusedException(BackendState.Malfunctioned,
                $"Plugin {name} does not fit this host: {e.LoaderExceptions.OfType<Exception>().FirstOrDefault()?.Message ?? "its types do not load."} Build it again on the host's version.", e);
        }
    }

    private static FrozenDictionary<string, Version> SharedAssemblies()
    {
        var shared = new Dictionary<string, Version>();
        var open = new Queue<AssemblyName>([typeof(ILogStreamerPlugin).Assembly.GetName()]);
        while (open.TryDequeue(out var next))
        {
            var assembly = AssemblyLoadContext.Default.LoadFromAssemblyName(next);
            if (shared.TryAdd(next.Name!, assembly.GetName().Version!))
            {
                Array.ForEach(assembly.GetReferencedAssemblies(), open.Enqueue);
            }
        }

        return shared.ToFrozenDictionary();
    }
}
