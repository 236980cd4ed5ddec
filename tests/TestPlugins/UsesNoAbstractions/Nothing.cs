namespace UsesNoAbstractions;

/// <summary>Has nothing to do with logs.</summary>
public sealed class Nothing;
