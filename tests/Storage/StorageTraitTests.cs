using KeysCluster.TestKit;

namespace KeysCluster.Storage.Tests;

/// <summary>The fast test run selects tests by trait and must not need PostgreSQL.</summary>
public sealed class StorageTraitTests
{
    [Fact]
    public void Every_class_that_needs_PostgreSQL_has_the_trait()
    {
        var classes = typeof(StorageTraitTests).Assembly.GetTypes()
            .Where(type => !type.IsAbstract && type.GetConstructors().Any(constructor =>
                constructor.GetParameters().Any(parameter => parameter.ParameterType == typeof(PostgresFixture))))
            .ToList();

        Assert.NotEmpty(classes);
        Assert.All(classes, type => Assert.True(HasTrait(type), type.Name));
    }

    private static bool HasTrait(Type type) => type.CustomAttributes.Any(
        attribute => attribute.AttributeType == typeof(TraitAttribute)
            && attribute.ConstructorArguments.Select(argument => argument.Value)
                .SequenceEqual(["Requires", "PostgreSQL"]));
}
