using Microsoft.Extensions.Configuration;
using RunLogs.Abstractions;

namespace RunLogs.Plugins.Stackdriver;

/// <summary>The backend's own section.</summary>
internal sealed class StackdriverSettings
{
    private static readonly string[] Names = [nameof(ProjectId), nameof(Endpoint), nameof(ClusterName), nameof(Location), nameof(MessageKeys), nameof(WholeJson)];

    /// <summary>The project whose logs are read.</summary>
    public string ProjectId { get; private init; } = "";

    /// <summary>Where calls go instead of the service's own address in the credentials' universe.</summary>
    public Uri? Endpoint { get; private init; }

    /// <summary>The cluster's name in GKE.</summary>
    public string ClusterName { get; private init; } = "";

    /// <summary>The cluster's zone or region; null for any.</summary>
    public string? Location { get; private init; }

    /// <summary>Under which keys of a JSON payload its message stands, in the order they are tried.</summary>
    public IReadOnlyList<string> MessageKeys { get; private init; } = [];

    /// <summary>Whether a JSON payload is given whole although it has a message.</summary>
    public bool WholeJson { get; private init; }

    public static StackdriverSettings Read(IConfigurationSection section, string cluster)
    {
        if (!Array.Exists(Names, name => Setting.Text(section, name) is not null))
            throw new BackendDisabledException($"Set {section.Path}:ProjectId to the Google Cloud project whose Cloud Logging has the GKE cluster's logs.");

        var faults = new List<string>();
        var settings = new StackdriverSettings
        {
            ProjectId = Project(section, faults),
            Endpoint = Address(section, nameof(Endpoint), faults),
            ClusterName = Label(section, nameof(ClusterName), faults) ?? cluster,
            Location = Label(section, nameof(Location), faults),
            MessageKeys = Setting.Keys(section, nameof(MessageKeys), "message, msg, log", faults),
            WholeJson = Setting.Flag(section, nameof(WholeJson), faults),
        };
        return faults.Count == 0 ? settings : throw new BackendConfigurationException(faults);
    }

    // It becomes part of a resource's name.
    private static string Project(IConfigurationSection section, List<string> faults)
    {
        var text = Setting.Text(section, nameof(ProjectId));
        if (text is null)
            faults.Add($"{section.Path}:ProjectId is missing: the Google Cloud project whose Cloud Logging has the GKE cluster's logs.");
        else if (text.Length > 100 || !text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c is '-' or ':' or '.'))
            faults.Add($"{section.Path}:ProjectId is \"{text}\"; it must be the id of a Google Cloud project such as my-project-123456, not its name.");

        return text ?? "";
    }

    private static Uri? Address(IConfigurationSection section, string key, List<string> faults)
    {
        if (Setting.Text(section, key) is not { } text)
            return null;

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address is not { AbsolutePath: "/", Query: "", UserInfo: "" })
            faults.Add($"{section.Path}:{key} must be an address such as https://logging.googleapis.com, without a path.");
        else if (address.Scheme == "http" && !address.IsLoopback)
            faults.Add($"{section.Path}:{key} must begin with https: access tokens are sent to it.");
        else
            return address;

        return null;
    }

    private static string? Label(IConfigurationSection section, string key, List<string> faults)
    {
        var text = Setting.Text(section, key);
        if (text is not null && (text.Length > 100 || text.Any(char.IsControl)))
            faults.Add($"{section.Path}:{key} must be a name without control characters, of at most 100 characters.");

        return text;
    }
}
