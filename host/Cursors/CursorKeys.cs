using Microsoft.Extensions.Options;
using RunLogs.Host.Settings;

namespace RunLogs.Host.Cursors;

/// <summary>The keys of cursors: the first signs, all verify.</summary>
internal sealed class CursorKeys
{
    private readonly Dictionary<uint, CursorKey> _byId;

    public CursorKeys(IEnumerable<string> secrets)
    {
        CursorKey[] keys = [.. secrets.Select(secret => new CursorKey(secret))];
        (Signing, SigningId) = (keys[0], keys[0].Id);
        _byId = keys.DistinctBy(key => key.Id).ToDictionary(key => key.Id);
    }

    public CursorKey Signing { get; }

    public uint SigningId { get; }

    /// <summary>The keys of a host's settings; else the key of its data directory, made on the first start.</summary>
    /// <exception cref="SettingsFaultsException">The key file cannot be read or made.</exception>
    public static CursorKeys Of(IOptions<RunLogsOptions> options) => new(options.Value.CursorKey.Length > 0
        ? options.Value.CursorKey.Split(',', StringSplitOptions.TrimEntries)
        : [CursorKeyFile.In(options.Value.DataDirectory).ReadOrCreate()]);

    public CursorKey? Find(uint id) => _byId.GetValueOrDefault(id);
}
