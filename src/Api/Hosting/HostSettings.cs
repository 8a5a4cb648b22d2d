using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Api.Hosting;

/// <summary>Checks the settings that a host needs before it can be built.</summary>
public static class HostSettings
{
    /// <summary>The settings when they are good.</summary>
    /// <exception cref="StartupException">They are not; its message says what to set.</exception>
    public static T Validated<T>(T settings)
        where T : class
    {
        var violations = new List<ValidationResult>();
        return Validator.TryValidateObject(settings, new ValidationContext(settings), violations, validateAllProperties: true)
            ? settings
            : throw new StartupException(string.Join(Environment.NewLine, violations.Select(violation => violation.ErrorMessage)));
    }
}
