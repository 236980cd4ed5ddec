using System.Buffers;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using RunLogs.Host.Tailing;

namespace RunLogs.Host.Cursors;

/// <summary>What stands in a cursor between its head and its signature: the target, and the position of every log that has one.</summary>
internal static class CursorPayload
{
    private const int HeadBytes = sizeof(uint) + CursorTarget.FingerprintBytes;
    private const int LogBytes = sizeof(ulong) + sizeof(ushort);

    public static void Write(IBufferWriter<byte> output, TailPlan plan, Delivery delivery, int room)
    {
        var head = output.GetSpan(HeadBytes);
        BinaryPrimitives.WriteUInt32BigEndian(head, plan.Target.Attempt);
        Convert.FromHexString(plan.Target.Fingerprint, head[sizeof(uint)..], out _, out _);
        output.Advance(HeadBytes);

        var roomOfLog = Math.Clamp(((room - HeadBytes) / plan.Logs.Count) - LogBytes, PositionCodec.MinBytes, PositionCodec.MaxBytes);
        for (var log = 0; log < plan.Logs.Count; log++)
        {
            if (delivery.PositionOf(log) is { } position)
            {
                var bytes = output.GetSpan(LogBytes + roomOfLog);
                var length = PositionCodec.Write(position, bytes.Slice(LogBytes, roomOfLog));
                BinaryPrimitives.WriteUInt64BigEndian(bytes, CursorTarget.LogOf(plan.Logs[log]));
                BinaryPrimitives.WriteUInt16BigEndian(bytes[sizeof(ulong)..], (ushort)length);
                output.Advance(LogBytes + length);
            }
        }
    }

    public static bool TryRead(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out TailCursor? cursor)
    {
        cursor = null;
        if (payload.Length < HeadBytes)
        {
            return false;
        }

        var target = new CursorTarget(BinaryPrimitives.ReadUInt32BigEndian(payload), Convert.ToHexString(payload[sizeof(uint)..HeadBytes]));
        var positions = new Dictionary<ulong, PositionRecord>();
        for (payload = payload[HeadBytes..]; !payload.IsEmpty;)
        {
            if (payload.Length < LogBytes)
            {
                return false;
            }

            var end = LogBytes + BinaryPrimitives.ReadUInt16BigEndian(payload[sizeof(ulong)..]);
            if (payload.Length < end || !PositionCodec.TryRead(payload[LogBytes..end], out var position))
            {
                return false;
            }

            positions[BinaryPrimitives.ReadUInt64BigEndian(payload)] = position;
            payload = payload[end..];
        }

        cursor = new TailCursor(target, positions);
        return true;
    }
}
