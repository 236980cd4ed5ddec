namespace LateLibrary;

/// <summary>What a plugin asks for long after it was loaded.</summary>
public static class Words
{
    public static string Late => "late";
}
