using System.Text;
using RunLogs.Protos.V1;

namespace RunLogs.EndToEnd.Tests.Seam;

/// <summary>Reads <c>GET /logs</c> as a browser's EventSource does, and goes on by the last event's id.</summary>
internal sealed class EventStreamClient(TwoHosts hosts, string run, ReceivedLog log, Random random, int leaves, int writtenLines)
    : SeamClient(hosts, log, random, leaves, writtenLines)
{
    private string? _lastEventId;

    protected override async Task<Closing> ReadAsync(HostProcess host, Leaving leaving)
    {
        using var response = await LogPage.GetAsync(host, run, "text/event-stream", _lastEventId, leaving.Token);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(leaving.Token));
        var (data, name, id) = (new List<string>(), "", _lastEventId);
        while (await reader.ReadLineAsync(leaving.Token) is { } field)
        {
            switch (field)
            {
                case "":
                    _lastEventId = id;
                    if (data.Count > 0 && name == "")
                    {
                        Log.Take(string.Join('\n', data));
                    }

                    (data, name) = ([], "");
                    if (leaving.IsTime(Log.Lines))
                    {
                        throw new OperationCanceledException(leaving.Token);
                    }

                    break;
                case var _ when field.StartsWith("data: ", StringComparison.Ordinal):
                    data.Add(field[6..]);
                    break;
                case var _ when field.StartsWith("id: ", StringComparison.Ordinal):
                    id = field[4..];
                    break;
                case var _ when field.StartsWith("event: ", StringComparison.Ordinal):
                    name = field[7..];
                    break;
                case var _ when field[0] != ':':
                    Log.Fail($"'{field}' is no field of an event");
                    break;
            }
        }

        return LogPage.ClosingOf(response);
    }
}
