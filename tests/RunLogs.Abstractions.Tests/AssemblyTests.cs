using System.Reflection;

namespace RunLogs.Abstractions.Tests;

public sealed class AssemblyTests
{
    private static readonly Assembly Abstractions = typeof(ILogStreamer).Assembly;

    [Fact]
    public void Plugin_authors_need_nothing_but_the_runtime_and_the_abstractions_of_extensions()
    {
        var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;

        foreach (var name in Abstractions.GetReferencedAssemblies().Select(reference => reference.Name!))
        {
            var allowed = File.Exists(Path.Combine(runtime, $"{name}.dll"))
                || (name.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal) && name.EndsWith(".Abstractions", StringComparison.Ordinal));
            Assert.True(allowed, $"RunLogs.Abstractions references {name}.");
        }
    }

    [Fact]
    public void The_assembly_version_is_major_and_minor_only_and_follows_the_package()
    {
        var version = Abstractions.GetName().Version!;
        var package = Version.Parse(Abstractions.GetCustomAttribute<AssemblyFileVersionAttribute>()!.Version);

        Assert.Equal(new Version(package.Major, package.Minor, 0, 0), version);
    }

    [Fact]
    public void Every_type_it_shows_is_in_its_namespace() =>
        Assert.All(Abstractions.GetExportedTypes(), type => Assert.Equal("RunLogs.Abstractions", type.Namespace));

    [Fact]
    public void An_attempt_is_written_as_in_every_message()
    {
        var attempt = new AttemptIdentity { Org = "acme", Project = "shop", Domain = "development", Run = "run1", Action = "a0", Attempt = 2 };

        Assert.Equal("acme/shop/development/run1/a0 attempt 2", attempt.ToString());
        Assert.Equal("shop/development/run1/a0 attempt 2", (attempt with { Org = "" }).ToString());
    }
}
