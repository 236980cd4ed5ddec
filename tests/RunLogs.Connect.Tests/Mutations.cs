namespace RunLogs.Connect.Tests;

/// <summary>Hostile inputs made from good ones; the same number makes the same input.</summary>
internal sealed class Mutations(int number, IReadOnlyList<byte[]> seeds)
{
    private const int LongestInput = 16 * 1024;

    private readonly Random _random = new(number);

    public int Next(int below) => _random.Next(below);

    public byte[] NextInput()
    {
        var input = new List<byte>(seeds[_random.Next(seeds.Count)]);
        for (var rounds = _random.Next(8); rounds > 0; rounds--)
            Mutate(input);
        return [.. input.Take(LongestInput)];
    }

    private void Mutate(List<byte> input)
    {
        var at = _random.Next(input.Count + 1);
        switch (_random.Next(7))
        {
            case 0 when at < input.Count:
                input[at] ^= (byte)(1 << _random.Next(8));
                break;
            case 1 when at < input.Count:
                input[at] = (byte)_random.Next(256);
                break;
            case 2:
                input.Insert(at, (byte)_random.Next(256));
                break;
            case 3:
                input.RemoveRange(at, _random.Next(input.Count - at + 1));
                break;
            case 4 when input.Count < LongestInput:
                input.InsertRange(at, input.GetRange(at, Math.Min(input.Count - at, _random.Next(64))));
                break;
            case 5:
                input.InsertRange(at, seeds[_random.Next(seeds.Count)].Take(64));
                break;
            default:
                // What is deep or long.
                input.InsertRange(at, Enumerable.Repeat("{[\"\\0\u007f,:"u8[_random.Next(8)], _random.Next(512)));
                break;
        }
    }
}
