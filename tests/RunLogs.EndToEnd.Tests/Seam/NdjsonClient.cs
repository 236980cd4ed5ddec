using System.Text.Json;
using Google.Protobuf.WellKnownTypes;
using RunLogs.Protos.V1;
using RunLogs.Testing;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>Reads <c>GET /logs</c> as JSON lines; goes on by the cursor in the trailers of a call that ended, so in one call here.</summary>
internal sealed class NdjsonClient(TwoHosts hosts, string run, ReceivedLog log, Random random, int writtenLines) : SeamClient(hosts, log, random, 0, writtenLines)
{
    protected override async Task<Closing> ReadAsync(HostProcess host, Leaving leaving)
    {
        using var response = await LogPage.GetAsync(host, run, "application/x-ndjson", lastEventId: null, leaving.Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(leaving.Token));
        while (await reader.ReadLineAsync(leaving.Token) is { } json)
        {
            using var line = JsonDocument.Parse(json);
            if (line.RootElement.TryGetProperty("message", out var message))
            {
                var time = Some.Time(line.RootElement.GetProperty("timestamp").GetString()!);
                Log.Take(message.GetString()!, new Timestamp { Seconds = time.UnixSeconds, Nanos = time.NanosecondOfSecond }, line.RootElement.GetProperty("backend").GetString());
            }
        }

        return LogPage.ClosingOf(response);
    }
}
