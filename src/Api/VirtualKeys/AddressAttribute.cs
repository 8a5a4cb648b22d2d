using System.ComponentModel.DataAnnotations;
using KeysCluster.VirtualKeys;

namespace KeysCluster.Api.VirtualKeys;

/// <summary>Validates the address of a client, or null.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AddressAttribute : ValidationAttribute
{
    protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
        value is not string text || AllowedIpRange.TryParseAddress(text, out _)
            ? ValidationResult.Success
            : new ValidationResult("must be an IPv4 or IPv6 address.", [validationContext.MemberName!]);
}
