using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;
using Npgsql;

namespace KeysCluster.Hosting;

/// <summary>Validates the settings that a host needs before it can build its services.</summary>
public static class SettingsValidation
{
    /// <summary>Returns the connection string of PostgreSQL (<c>ConnectionStrings:Keys</c>); null if not set.</summary>
    /// <exception cref="StartupException">
    /// The value is not a connection string. The message does not repeat the value, which contains a password.
    /// </exception>
    public static string? GetPostgresConnectionString(IConfiguration configuration)
    {
        var text = configuration.GetConnectionString("Keys");
        if (string.IsNullOrWhiteSpace(text)) return null;
        try
        {
            _ = new NpgsqlConnectionStringBuilder(text);
            return text;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException)
        {
            throw new StartupException(
                "ConnectionStrings:Keys is not a connection string such as Host=…;Username=…;Password=…;Database=….");
        }
    }

    /// <summary>Returns <paramref name="options"/> if it satisfies its data annotations and its own rules.</summary>
    /// <exception cref="StartupException">An option is invalid. The message has a line for each violation.</exception>
    public static T Validate<T>(T options)
        where T : class
    {
        var violations = new List<ValidationResult>();
        var context = new ValidationContext(options);
        return Validator.TryValidateObject(options, context, violations, validateAllProperties: true)
            ? options
            : throw new StartupException(
                string.Join(Environment.NewLine, violations.Select(violation => violation.ErrorMessage)));
    }
}
