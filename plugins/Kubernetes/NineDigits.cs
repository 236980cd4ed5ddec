using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace RunLogs.Plugins.Kubernetes;

/// <summary>A number of nine decimal digits, as nanoseconds are written.</summary>
internal static class NineDigits
{
    /// <summary>Parses the first nine bytes; false when one of them is no digit.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryParse(ReadOnlySpan<byte> utf8, out int value)
    {
        // The first eight at once, each in a byte of its own: pairs, then fours, then all of them.
        var digits = BinaryPrimitives.ReadUInt64LittleEndian(utf8) ^ 0x3030_3030_3030_3030;
        var last = (uint)(utf8[8] - '0');
        if (((digits | (digits + 0x0606_0606_0606_0606)) & 0xF0F0_F0F0_F0F0_F0F0) != 0 || last > 9)
        {
            value = 0;
            return false;
        }

        digits = (digits * 10) + (digits >> 8);
        digits = ((digits & 0x00FF_00FF_00FF_00FF) * 100) + ((digits >> 16) & 0x00FF_00FF_00FF_00FF);
        digits = ((digits & 0x0000_FFFF_0000_FFFF) * 10_000) + ((digits >> 32) & 0x0000_FFFF_0000_FFFF);
        value = ((int)(uint)digits * 10) + (int)last;
        return true;
    }
}
