using System.Diagnostics;
using System.Reflection;
using System.Text.Json;

namespace RunLogs.EndToEnd.Tests;

/// <summary>What publishing leaves: the host and each plugin with the assemblies, in the versions, that each was built with.</summary>
public sealed class PublishedFolderTests
{
    private static readonly string Published = Path.Combine(AppContext.BaseDirectory, "published");

    public static TheoryData<string> Programs => [".", .. Directory.GetDirectories(Path.Combine(Published, "plugins")).Select(plugin => $"plugins/{Path.GetFileName(plugin)}")];

    [Theory, MemberData(nameof(Programs))]
    public void Each_folder_holds_its_own_assemblies_in_their_own_versions(string program)
    {
        var folder = Path.Combine(Published, program);
        var manifest = Assert.Single(Directory.GetFiles(folder, "*.deps.json"));
        using var dependencies = JsonDocument.Parse(File.ReadAllBytes(manifest));
        var wanted = dependencies.RootElement.GetProperty("targets").EnumerateObject().Single().Value.EnumerateObject()
            .Where(library => library.Value.TryGetProperty("runtime", out _))
            .SelectMany(library => library.Value.GetProperty("runtime").EnumerateObject())
            .ToList();

        Assert.NotEmpty(wanted);
        Assert.All(wanted, assembly =>
        {
            var path = Path.Combine(folder, Path.GetFileName(assembly.Name));
            Assert.True(File.Exists(path), $"{path} is missing.");
            if (assembly.Value.TryGetProperty("assemblyVersion", out var version))
            {
                Assert.Equal(version.GetString(), AssemblyName.GetAssemblyName(path).Version!.ToString());
            }

            if (assembly.Value.TryGetProperty("fileVersion", out var fileVersion))
            {
                Assert.Equal(fileVersion.GetString(), FileVersionInfo.GetVersionInfo(path).FileVersion);
            }
        });
    }

    [Fact]
    public void CloudWatch_brings_its_own_SDK_and_the_host_has_none_of_it()
    {
        var own = Files("plugins/CloudWatch").Where(name => name.StartsWith("AWSSDK.", StringComparison.Ordinal)).Order(StringComparer.Ordinal);

        Assert.Equal(["AWSSDK.Core.dll", "AWSSDK.SSO.dll", "AWSSDK.SSOOIDC.dll", "AWSSDK.SecurityToken.dll"], own);
        Assert.DoesNotContain(Files("."), name => name.StartsWith("AWSSDK.", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Programs))]
    public void The_abstractions_are_the_hosts_alone(string program) => Assert.Equal(program == ".", Files(program).Contains("RunLogs.Abstractions.dll"));

    private static IEnumerable<string> Files(string program) => Directory.GetFiles(Path.Combine(Published, program)).Select(path => Path.GetFileName(path)!);
}
