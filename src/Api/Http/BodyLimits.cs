using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Reflection;

namespace KeysCluster.Api.Http;

/// <summary>
/// Checks the limits of the members of a body, which are attributes. Does what <see cref="Validator"/> does, which
/// searches the attributes each time and reports all violations.
/// </summary>
internal static class BodyLimits<T>
    where T : class
{
    private static readonly (PropertyInfo Property, ValidationAttribute[] Limits)[] Members =
    [
        .. TypeDescriptor.GetProperties(typeof(T)).Cast<PropertyDescriptor>()
            .Select(property => (
                typeof(T).GetProperty(property.Name)!,
                property.Attributes.OfType<ValidationAttribute>().OrderBy(limit => limit is not RequiredAttribute)
                    .ToArray()))
            .Where(member => member.Item2.Length > 0),
    ];

    /// <summary>Returns the first member beyond its limits, and the message; null if there is none.</summary>
    public static (PropertyInfo Property, string Message)? FindViolation(T body)
    {
        if (Members.Length == 0) return null;
        var context = new ValidationContext(body);
        foreach (var (property, limits) in Members)
        {
            var value = property.GetValue(body);
            context.MemberName = property.Name;
            foreach (var limit in limits)
            {
                if (limit.GetValidationResult(value, context) is { } violation)
                    return (property, violation.ErrorMessage!);
            }
        }

        return null;
    }
}
