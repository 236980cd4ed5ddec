using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.InteropServices;
using RunLogs.Abstractions;

namespace RunLogs.Host.Plugins;

/// <summary>A plugin's main assembly and what it says of itself before it is loaded.</summary>
internal sealed record PluginAssembly(string Path, Version Version, Version Abstractions)
{
    private const string DependenciesEnd = ".deps.json";
    private static readonly System.Reflection.AssemblyName Host = typeof(ILogStreamerPlugin).Assembly.GetName();

    /// <summary>The main assembly of a folder: the dll beside the only <c>*.deps.json</c>.</summary>
    public static PluginAssembly FindIn(string folder)
    {
        var plugin = System.IO.Path.GetFileName(folder);
        try
        {
            var dependencies = Directory.GetFiles(folder, "*" + DependenciesEnd);
            if (dependencies.Length != 1)
            {
                throw new PluginRefusedException(BackendState.Malfunctioned, dependencies.Length == 0
                    ? $"The folder of plugin {plugin} holds no *{DependenciesEnd}: build it with EnableDynamicLoading and copy all of its output."
                    : $"The folder of plugin {plugin} holds more than one *{DependenciesEnd} ({NamesOf(dependencies)}): give each plugin a folder of its own.");
            }

            var path = dependencies[0][..^DependenciesEnd.Length] + ".dll";
            return File.Exists(path) ? Read(plugin, path) : throw new PluginRefusedException(BackendState.Malfunctioned,
                $"The folder of plugin {plugin} holds {NamesOf(dependencies)} but no {System.IO.Path.GetFileName(path)}: copy all of its output.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new PluginRefusedException(BackendState.Malfunctioned, $"The folder of plugin {plugin} cannot be read: give the host's user the right to read it.", e);
        }
    }

    /// <summary>Refuses an assembly that asks for more than this host's abstractions offer.</summary>
    public void RequireSupport()
    {
        var host = Host.Version!;
        if (Abstractions.Major != host.Major || Abstractions.Minor > host.Minor)
        {
            throw new PluginRefusedException(BackendState.NotSupported,
                $"Plugin {System.IO.Path.GetFileNameWithoutExtension(Path)} needs {Host.Name} {Abstractions.ToString(2)}, this host has {host.ToString(2)}.");
        }
    }

    private static PluginAssembly Read(string plugin, string path)
    {
        var file = System.IO.Path.GetFileName(path);
        try
        {
            using var image = new PEReader(ImmutableCollectionsMarshal.AsImmutableArray(File.ReadAllBytes(path)));
            if (image.HasMetadata && image.GetMetadataReader() is { IsAssembly: true } metadata)
            {
                foreach (var reference in metadata.AssemblyReferences.Select(metadata.GetAssemblyReference))
                {
                    if (metadata.StringComparer.Equals(reference.Name, Host.Name!))
                    {
                        return new PluginAssembly(path, metadata.GetAssemblyDefinition().Version, reference.Version);
                    }
                }

                throw new PluginRefusedException(BackendState.Malfunctioned, $"{file} of plugin {plugin} does not use {Host.Name}: it is not a log backend.");
            }
        }
        catch (BadImageFormatException)
        {
            // Said below.
        }

        throw new PluginRefusedException(BackendState.Malfunctioned, $"{file} of plugin {plugin} is not a whole .NET assembly: copy it again.");
    }

    private static string NamesOf(IEnumerable<string> paths) => string.Join(", ", paths.Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal));
}
