using System.Text.Encodings.Web;
using System.Text.Json;
using Google.Protobuf.Reflection;
using Google.Protobuf.WellKnownTypes;
using RunLogs.Protos.Flyte.Logs.Dataplane;
using RunLogs.Protos.V1;

namespace RunLogs.Cli.Output;

/// <summary>One JSON object a line, with the names that <c>GET /logs</c> gives as NDJSON; the last one is the closing record.</summary>
internal sealed class JsonOutput(Stream output) : ILogOutput, IDisposable
{
    private readonly LineEnds _ends = new();
    private readonly Utf8JsonWriter _json = new(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public void Write(TailLogsResponse.Types.Logs logs)
    {
        foreach (var line in logs.Lines)
        {
            Begin(line.Timestamp);
            var text = line.Message.AsSpan();
            _json.WriteString("message", text.EndsWith('\n') ? text[..^1] : text);
            if (_ends.IsPart(line))
            {
                _json.WriteBoolean("partial", true);
            }

            if (line.Originator == LogLineOriginator.System)
            {
                _json.WriteString("originator", "SYSTEM");
            }

            _json.WriteString("container", logs.Container.KubernetesContainerName);
            _json.WriteString("pod", logs.Container.KubernetesPodName);
            _json.WriteString("backend", logs.Backend);
            End();
        }
    }

    public void Write(Notice notice)
    {
        _ends.See(notice);
        Begin(notice.Time);
        _json.WriteString("notice", notice.Message);
        _json.WriteString("kind", NameOf(notice.Kind));
        End();
    }

    public void Write(Closing closing, string cursor)
    {
        Begin(null);
        _json.WriteStartObject("closing");
        _json.WriteNumber("lines", closing.Lines);
        _json.WriteNumber("bytes", closing.Bytes);
        _json.WriteString("completeness", NameOf(closing.Completeness));
        _json.WriteString("reason", closing.Reason);
        _json.WriteString("endReason", NameOf(closing.EndReason));
        _json.WriteString("hash", Convert.ToHexStringLower(closing.Hash.Span));
        _json.WriteString("cursor", cursor);
        _json.WriteEndObject();
        End();
    }

    public Task FlushAsync(CancellationToken cancellationToken) => output.FlushAsync(cancellationToken);

    public void Dispose() => _json.Dispose();

    private void Begin(Timestamp? time)
    {
        _json.Reset();
        _json.WriteStartObject();
        if (time is not null)
        {
            _json.WriteString("timestamp", TextOutput.Format(time));
        }
    }

    private void End()
    {
        _json.WriteEndObject();
        _json.Flush();
        output.Write("\n"u8);
    }

    // As the proto spells it.
    private static string NameOf<T>(T value)
        where T : struct, System.Enum => typeof(T).GetField(value.ToString())?.GetCustomAttributes(typeof(OriginalNameAttribute), false) is [OriginalNameAttribute name] ? name.Name : value.ToString();
}
