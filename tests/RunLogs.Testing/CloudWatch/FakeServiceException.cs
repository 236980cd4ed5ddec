namespace RunLogs.Testing.CloudWatch;

/// <summary>An error in the service's form.</summary>
public sealed class FakeServiceException(string code, string message, int status = 400) : Exception(message)
{
    public string Code { get; } = code;

    public int Status { get; } = status;

    public static FakeServiceException Missing(string what) => new("ResourceNotFoundException", $"The specified {what} does not exist.");

    public static FakeServiceException Invalid(string message) => new("InvalidParameterException", message);

    public static FakeServiceException Throttled() => new("ThrottlingException", "Rate exceeded");
}
