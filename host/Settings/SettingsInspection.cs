using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;

namespace RunLogs.Host.Settings;

/// <summary>Compares a section with the options class it is meant for, before it is bound: the class is the one list of what is known.</summary>
internal static class SettingsInspection
{
    /// <summary>Every fault of a section, each a sentence with its full key.</summary>
    public static IReadOnlyList<string> FaultsOf(IConfigurationSection section, Type options) => [.. Section(section, options)];

    private static IEnumerable<string> Section(IConfigurationSection section, Type options) => NotAValue(section).Concat(section.GetChildren().SelectMany(child =>
        options.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase) is { } property ? Property(child, property) : Unknown(child)));

    private static IEnumerable<string> NotAValue(IConfigurationSection section) =>
        string.IsNullOrEmpty(section.Value) ? [] : [$"{section.Path} is a section, not a value."];

    private static IEnumerable<string> Property(IConfigurationSection section, PropertyInfo property)
    {
        var type = property.PropertyType;
        if (type == typeof(IConfigurationSection))
        {
            return [];
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Dictionary<,>))
        {
            return NotAValue(section).Concat(section.GetChildren().SelectMany(child => Section(child, type.GenericTypeArguments[1])));
        }

        return type.IsClass && type != typeof(string) ? Section(section, type) : Value(section, property);
    }

    private static IEnumerable<string> Value(IConfigurationSection section, PropertyInfo property)
    {
        foreach (var fault in section.GetChildren().SelectMany(Unknown))
        {
            yield return fault;
        }

        var text = section.Value;
        if (text is null)
        {
            yield return $"{section.Path} has no value.";
            yield break;
        }

        var (value, form) = Parse(text, property.PropertyType);
        if (value is null)
        {
            yield return $"{section.Path} is '{text}'; it must be {form}.";
            yield break;
        }

        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>().Where(rule => !rule.IsValid(value)))
        {
            var shown = property.IsDefined(typeof(SecretAttribute)) ? "not what it should be" : $"'{text}'";
            yield return $"{section.Path} is {shown}; it {rule.FormatErrorMessage(section.Path)}.";
        }
    }

    private static (object? Value, string Form) Parse(string text, Type type)
    {
        var culture = CultureInfo.InvariantCulture;
        return type switch
        {
            _ when type == typeof(string) => (text, "text"),
            _ when type == typeof(bool) => (bool.TryParse(text, out var truth) ? truth : null, "true or false"),
            _ when type == typeof(int) => (int.TryParse(text, NumberStyles.Integer, culture, out var number) ? number : null, "a whole number"),
            _ when type == typeof(TimeSpan) => (TimeSpan.TryParse(text, culture, out var duration) ? duration : null, "a duration such as 00:00:15"),
            _ => throw new NotSupportedException($"Settings of the type {type} cannot be read."),
        };
    }

    // The operator wrote leaves: those are named.
    private static IEnumerable<string> Unknown(IConfigurationSection section) => section.AsEnumerable()
        .Where(setting => setting.Value is not null)
        .Select(setting => $"{setting.Key} is not a setting of RunLogs.")
        .Order(StringComparer.OrdinalIgnoreCase);
}
