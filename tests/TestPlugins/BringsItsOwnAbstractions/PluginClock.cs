using LibraryOnNewerAbstractions;

namespace BringsItsOwnAbstractions;

/// <summary>Draws the library, and the abstractions it brings, into the plugin.</summary>
public sealed class PluginClock : Clock;
