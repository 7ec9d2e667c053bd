const VALUES = new Set(['FunctionDeclaration', 'TSDeclareFunction', 'ClassDeclaration', 'VariableDeclaration']);
const namesOf = ({ id, declarations = [{ id }] }) => declarations.map((declaration) => declaration.id?.name);

/** An exported function, class or constant has a doc comment; of overloads, the first. */
export const documented = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const described = new Set();
    const isDescribed = (node) => {
      const comment = context.sourceCode.getCommentsBefore(node).at(-1);
      return comment?.type === 'Block' && comment.value.startsWith('*');
    };
    return {
      'Program > ExportNamedDeclaration'(node) {
        if (!VALUES.has(node.declaration?.type)) return;
        for (const name of namesOf(node.declaration)) {
          if (isDescribed(node)) described.add(name);
          else if (!described.has(name)) {
            context.report({ node: node.declaration, message: `'${name}' is exported: say in a doc comment what it does.` });
          }
        }
      },
    };
  },
};
